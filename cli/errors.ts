import { AssertionError } from "node:assert";
import { inspect } from "node:util";

const CAUSES_MAX = 8;
const MISTAKES_OF_OURS = [TypeError, ReferenceError, RangeError, SyntaxError, AssertionError];

/**
 * What a person reads when a command fails: the message in one line, and under it those of its causes. An error that
 * nobody foresaw, a mistake in the program, comes with its stack; with `verbose` every error does.
 */
export function describeError(error: unknown, { verbose }: { verbose: boolean }): string {
  if (!(error instanceof Error)) return `something that is no error was thrown: ${inspect(error)}`;
  const lines = [messageOf(error), ...causesOf(error).map((cause) => `  because: ${messageOf(cause)}`)];
  if (!verbose && !isMistakeOfOurs(error)) return lines.join("\n");
  return [...lines, "", inspect(error)].join("\n");
}

function isMistakeOfOurs(error: Error): boolean {
  return MISTAKES_OF_OURS.some((kind) => error instanceof kind);
}

/** The causes from the nearest on. A connection that was tried at several addresses fails with one error for each. */
function causesOf(error: Error): unknown[] {
  const causes: unknown[] = [];
  const waiting = directCausesOf(error);
  for (let cause = waiting.shift(); cause !== undefined && causes.length < CAUSES_MAX; cause = waiting.shift()) {
    causes.push(cause);
    waiting.unshift(...directCausesOf(cause));
  }
  return causes;
}

function directCausesOf(error: unknown): unknown[] {
  if (error instanceof AggregateError) return [...error.errors];
  return error instanceof Error && error.cause !== undefined ? [error.cause] : [];
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message) return error.message;
  return "code" in error ? `${error.name} ${error.code}` : error.name;
}
