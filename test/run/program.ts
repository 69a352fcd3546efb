import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

type Options = { output: "shown" | "kept"; environment?: NodeJS.ProcessEnv; signal: AbortSignal };

/**
 * Runs a script on this Node and returns its exit code, and its output where that is to be kept and not shown. It gets a
 * process group of its own: when it ends, or `signal` is aborted, all the programs that it has started end with it.
 */
export async function runScript(script: string, args: string[], { output, environment, signal }: Options) {
  const stdio: SpawnOptions["stdio"] = output === "shown" ? "inherit" : ["ignore", "pipe", "pipe"];
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [script, ...args], { detached: true, env, stdio });
  const stop = () => endGroup(child.pid, "SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  try {
    const streams = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ""));
    const [[exitCode], ...outputs] = await Promise.all([once(child, "exit"), ...streams]);
    return { exitCode: exitCode as number | null, output: outputs.join("").trim() };
  } finally {
    signal.removeEventListener("abort", stop);
    endGroup(child.pid);
  }
}

function endGroup(id: number | undefined, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    if (id !== undefined) process.kill(-id, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
