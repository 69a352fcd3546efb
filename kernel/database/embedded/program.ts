import { type SpawnOptions, spawn } from "node:child_process";
import type { Account } from "./account.ts";

const OUTPUT_CHARACTERS_MAX = 20_000;

/** How every program of PostgreSQL is started: as the account, with nothing of our own environment, which holds secrets. */
export function programOptions(account: Account): SpawnOptions {
  return { uid: account.uid, gid: account.gid, cwd: "/", env: { LC_ALL: "C" } };
}

/** Runs a program to its end and returns how it ended and the last lines that it wrote to its error output. */
export async function runProgram(
  program: string,
  args: string[],
  account: Account,
): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(program, args, { ...programOptions(account), stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    output = (output + chunk).slice(-OUTPUT_CHARACTERS_MAX);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, lines: output.split("\n").filter((line) => line.trim() !== "") }));
  });
}
