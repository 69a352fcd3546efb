import { constants } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildWeb } from "../kernel/http/build-web.ts";
import { prepareChromium } from "../kernel/pdf/chromium.ts";
import { startTestServer } from "./database-server.ts";
import { checkFormat, checkTypes } from "./run/checks.ts";
import { runStep } from "./run/step.ts";
import { runTests } from "./run/tests.ts";

// npm test                        format and lint, types, and every test but the long ones
// npm test -- kernel audit.test   only the tests whose path contains one of these words, or matches one as a glob
// npm run test:long               only the long tests; it takes words too

const EXIT_CODE_OF_SIGNAL_BASE = 128;

const { values: options, positionals: patterns } = parseArgs({
  options: { long: { type: "boolean", default: false } },
  allowPositionals: true,
});
const interruption = new AbortController();
const { signal: interrupted } = interruption;
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interruption.abort(name));
process.chdir(join(import.meta.dirname, ".."));

const failed: string[] = [];
const isEverything = patterns.length === 0 && !options.long;
const [server] = await Promise.all([
  runStep(failed, "database", startTestServer),
  runStep(failed, "pages", () => buildWeb(() => undefined)),
  runStep(failed, "browser", prepareChromium),
  isEverything && runStep(failed, "format and lint", () => checkFormat(interrupted)),
  isEverything && runStep(failed, "types", () => checkTypes(interrupted)),
]);
if (server) {
  const selection = { long: options.long, patterns };
  if (!interrupted.aborted) await runStep(failed, "tests", () => runTests(selection, server.environment, interrupted));
  await runStep(failed, "database stopped", () => server.stop());
}
finish();

function finish(): void {
  if (interrupted.aborted) {
    console.log("\nInterrupted.");
    process.exitCode = EXIT_CODE_OF_SIGNAL_BASE + constants.signals[interrupted.reason as NodeJS.Signals];
  } else if (failed.length > 0) {
    console.log(`\nFailed: ${failed.join(", ")}.`);
    process.exitCode = 1;
  }
}
