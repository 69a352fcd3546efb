import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";

/** A file that has begun, and the tests of it that are under way. */
type Begun = { timer: NodeJS.Timeout; tests: Set<string> };

/**
 * Returns a function to be told every event. When a file does not end within the limit, it names the file and what is under way in
 * it, and ends this process with exit code 1: Node by itself would wait for ever for a file that leaves a connection or a timer open.
 */
export function createHangingWatch(limitMs: number): (event: TestEvent) => void {
  const begun = new Map<string, Begun>();
  return (event) => {
    const started = startedFile(event);
    if (started) {
      const tests = new Set<string>();
      begun.set(started, { timer: setTimeout(endProcess, limitMs, started, limitMs, tests), tests });
    }
    noteTest(event, begun);
    const ended = endedFile(event);
    if (ended) clearTimeout(begun.get(ended)?.timer);
  };
}

function startedFile({ type, data }: TestEvent): string | undefined {
  return type === "test:dequeue" && data.name === data.file ? data.file : undefined;
}

function endedFile({ type, data }: TestEvent): string | undefined {
  if (type === "test:summary") return data.file;
  return type === "test:complete" && data.name === data.file ? data.file : undefined;
}

function noteTest({ type, data }: TestEvent, begun: ReadonlyMap<string, Begun>): void {
  if ((type !== "test:dequeue" && type !== "test:complete") || data.file === undefined || data.name === data.file)
    return;
  const tests = begun.get(data.file)?.tests;
  if (type === "test:dequeue") tests?.add(data.name);
  else tests?.delete(data.name);
}

function endProcess(file: string, limitMs: number, tests: ReadonlySet<string>): void {
  console.log(`\n${relative(".", file)} has not ended after ${limitMs / 1000} s.`);
  for (const test of tests) console.log(`Under way: ${test}`);
  if (tests.size === 0) console.log("Something of it is left open: a connection, a server, a timer.");
  process.exit(1);
}
