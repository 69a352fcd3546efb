import { runScript } from "./program.ts";

/** Throws what Biome has to say about format and lint, unless that is nothing. */
export async function checkFormat(signal: AbortSignal): Promise<void> {
  await runTool("node_modules/@biomejs/biome/bin/biome", ["check", "--error-on-warnings"], signal);
}

/** Throws what the TypeScript compiler has to say, unless that is nothing. */
export async function checkTypes(signal: AbortSignal): Promise<void> {
  await runTool("node_modules/typescript/bin/tsc", ["--noEmit"], signal);
  // The pages see the DOM and the server does not.
  await runTool("node_modules/typescript/bin/tsc", ["--noEmit", "-p", "web"], signal);
}

async function runTool(script: string, args: string[], signal: AbortSignal): Promise<void> {
  const { exitCode, output } = await runScript(script, args, { output: "kept", signal });
  if (exitCode !== 0) throw new Error(output || `${script} ended with exit code ${exitCode}.`);
}
