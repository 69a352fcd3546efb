import { findTestFiles } from "./files.ts";
import { runScript } from "./program.ts";

export type Selection = {
  /** The long tests, or all others. */
  long: boolean;
  /** Words of which a path must contain one; none means all. */
  patterns: string[];
};

const FILE_TIMEOUT_MS = 3 * 60_000;
const LONG_FILE_TIMEOUT_MS = 60 * 60_000;

/** Runs the selected tests and shows what becomes of them. Throws unless all of them passed. */
export async function runTests(
  { long, patterns }: Selection,
  environment: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const files = findTestFiles(patterns, { long });
  const timeoutMs = long ? LONG_FILE_TIMEOUT_MS : FILE_TIMEOUT_MS;
  const args = [`--file-timeout-ms=${timeoutMs}`, ...files];
  const { exitCode } = await runScript("test/run/execute.ts", args, { output: "shown", environment, signal });
  if (exitCode !== 0) throw new Error("What is wrong stands above.");
}
