import { describeError } from "../../cli/errors.ts";

const NAME_WIDTH = 18;

/**
 * Runs one step and prints a line with its seconds. When `work` throws, prints why, adds the name to `failed` and
 * returns undefined, so that the steps after it still run.
 */
export async function runStep<T>(failed: string[], name: string, work: () => Promise<T>): Promise<T | undefined> {
  const started = performance.now();
  try {
    const result = await work();
    console.log(formatLine("✔", name, started));
    return result;
  } catch (error) {
    failed.push(name);
    console.log(`${formatLine("✖", name, started)}\n${describeError(error, { verbose: false })}`);
    return undefined;
  }
}

function formatLine(sign: string, name: string, started: number): string {
  const seconds = (performance.now() - started) / 1000;
  return `${sign} ${name.padEnd(NAME_WIDTH)}${seconds.toFixed(1).padStart(6)} s`;
}
