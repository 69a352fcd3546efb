import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installMissing } from "./install.mjs";
import { runProgram } from "./program.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * V8 lets its heap grow to four times what is in use before it looks for what is not, as long as the machine has memory: half of what a
 * worker took was that. it looks sooner, and keeps less for what is new: a large import takes 200 MB and not 400, at the same speed.
 */
const HEAP_OPTIONS = ["--max-semi-space-size=8", "--heap-growing-percent=30"];

/** A path inside the project, absolute. */
export function fromRoot(path) {
  return join(ROOT, path);
}

/**
 * Installs what is missing, then runs Node 24 with `args` in the folder `cwd` until it ends, passing signals on.
 * Sets this process's exit code to that of the program, or to 1 when the program could not be started.
 */
export async function launch(args, { development, cwd }) {
  try {
    const interrupted = await installMissing(ROOT, { development });
    process.exitCode = interrupted ?? (await runNode(args, cwd));
  } catch (error) {
    console.error(`tenon: ${error.message}`);
    process.exitCode = 1;
  }
}

async function runNode(args, cwd) {
  const node = fromRoot("node_modules/node/bin/node");
  const env = {
    ...process.env,
    // Wherever the command is called from, the data is that of this project.
    TENON_DATA: process.env.TENON_DATA || fromRoot(".data"),
    // What is compiled once starts faster from then on; where nothing can be written, it is compiled each time.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || fromRoot("node_modules/.cache/node"),
  };
  try {
    const { exitCode } = await runProgram(node, [...HEAP_OPTIONS, ...args], { cwd, env, stdio: "inherit" });
    return exitCode;
  } catch (cause) {
    throw new Error(`${node} could not be run (${cause.message}). Delete the folder node_modules and try again.`, {
      cause,
    });
  }
}
