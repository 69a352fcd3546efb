import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";

/**
 * Returns a function to be told every event. When a file does not end within the limit, it names the file and ends this
 * process with exit code 1: Node by itself would wait for ever for a file that leaves a connection or a timer open.
 */
export function createHangingWatch(limitMs: number): (event: TestEvent) => void {
  const timers = new Map<string, NodeJS.Timeout>();
  return (event) => {
    const started = startedFile(event);
    if (started) timers.set(started, setTimeout(endProcess, limitMs, started, limitMs));
    const ended = endedFile(event);
    if (ended) clearTimeout(timers.get(ended));
  };
}

function startedFile({ type, data }: TestEvent): string | undefined {
  return type === "test:dequeue" && data.name === data.file ? data.file : undefined;
}

function endedFile({ type, data }: TestEvent): string | undefined {
  if (type === "test:summary") return data.file;
  return type === "test:complete" && data.name === data.file ? data.file : undefined;
}

function endProcess(file: string, limitMs: number): void {
  console.log(`\n${relative(".", file)} has not ended after ${limitMs / 1000} s.`);
  console.log("A test of it hangs, or leaves something open: a connection, a server, a timer.");
  process.exit(1);
}
