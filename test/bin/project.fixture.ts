import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BIN = join(import.meta.dirname, "../../bin");
const VERSION = "24.0.0";

/** The folder of the small project that `makeProject` makes. */
export let root = "";

/** Makes a project with our ways in, in which nothing is installed yet. */
export function makeProject(): void {
  root = mkdtempSync(join(tmpdir(), "tenon bin-"));
  cpSync(BIN, join(root, "bin"), { recursive: true, verbatimSymlinks: true });
  // Its only package is a Node that lies beside it, so that npm needs no network.
  write("package.json", '{ "name": "example", "type": "module", "dependencies": { "node": "file:node-package" } }');
  write("node-package/package.json", JSON.stringify({ name: "node", version: VERSION }));
  writeProgram("node-package/bin/node", `exec "${process.execPath}" "$@"`);
  writeLock(VERSION);
}

export function removeProject(): void {
  rmSync(root, { recursive: true });
}

/** Locks the project's only package at a version. */
export function writeLock(version: string): void {
  const packages = {
    "": { name: "example", dependencies: { node: "file:node-package" } },
    "node-package": { name: "node", version },
    "node_modules/node": { resolved: "node-package", link: true },
  };
  write("package-lock.json", JSON.stringify({ name: "example", lockfileVersion: 3, requires: true, packages }));
}

export function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

export function writeProgram(path: string, script: string): void {
  write(path, `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, path), 0o755);
}

type Options = { cwd?: string; environment?: Record<string, string> };

/** Starts a file of `bin/` and collects all that it prints. */
export function start(file: string, args: string[], { cwd = root, environment = {} }: Options = {}) {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [join(root, "bin", file), ...args], { cwd, env });
  const ended = once(child, "close").then(([exitCode, signal]) => ({ exitCode, signal, output }));
  const news = new EventTarget();
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
      news.dispatchEvent(new Event("output"));
    });
  }
  const printed = async (text: string) => {
    while (!output.includes(text)) await once(news, "output");
  };
  return { child, ended, printed };
}

/** Runs a file of `bin/` to its end. */
export async function run(file: string, args: string[], options?: Options) {
  return start(file, args, options).ended;
}
