import { relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "node:test";
import { spec, type TestEvent } from "node:test/reporters";
import { parseArgs } from "node:util";
import { createHangingWatch } from "./hanging.ts";

// Runs the test files that it is given, each in a process of its own. Prints what becomes of every test and, last, how many there
// were. Exits with 1 when a test failed, when a file holds none or does not end, or when none was executed.

// Three files at a time on two processor cores, for tests also wait; the tests of one file run one after the other.
const FILES_AT_ONCE = 3;

const { values, positionals: files } = parseArgs({
  options: { "file-timeout-ms": { type: "string" } },
  allowPositionals: true,
});
const outcome = { tests: 0, success: false, emptyFiles: [] as string[], closingLines: [] as string[] };
const watchHanging = createHangingWatch(Number(values["file-timeout-ms"]));

// Without execArgv, Node would hand its own options on, and with them those that the runner was started with.
const events = run({ files: files.map((file) => resolve(file)), concurrency: FILES_AT_ONCE, execArgv: [] });
await pipeline(events, follow, new spec(), process.stdout, { end: false });
console.log(`\n${outcome.closingLines.join("\n")}`);
const fault = findFault();
if (fault) {
  console.log(`\n${fault}`);
  process.exitCode = 1;
}

/** Passes the events on to the reporter, but for the closing figures, which are kept: they go last. */
async function* follow(source: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  for await (const event of source) {
    watchHanging(event);
    if (event.type === "test:diagnostic" && event.data.file === undefined) {
      outcome.closingLines.push(`# ${event.data.message}`);
      continue;
    }
    if (event.type === "test:pass" && event.data.name === event.data.file) outcome.emptyFiles.push(event.data.file);
    if (event.type === "test:summary" && event.data.file === undefined) {
      outcome.tests = event.data.counts.tests;
      outcome.success = event.data.success;
    }
    yield event;
  }
}

/** Node counts a file that holds no test as a test that passed, so that is asked first. */
function findFault(): string | undefined {
  const empty = outcome.emptyFiles.map((file) => relative(".", file)).join(", ");
  if (empty) return `There is no test in ${empty}. Write one, or delete the file.`;
  if (outcome.tests === 0) return "No test was executed.";
  return outcome.success ? undefined : "Some tests failed: they are listed above.";
}
