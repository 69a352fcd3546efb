import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { tokenOf } from "../kernel/tenancy/credential.ts";
import { csvOf, type Evaluation, openEvaluation } from "../modules/evaluation/evaluation.fixture.ts";
import type { Person } from "../test/harness.ts";
import { MAIN } from "./command.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "tenon-submit-"));
after(() => rmSync(folder, { recursive: true }));

let suite: Evaluation;
let pavel: Person;
let address: string;

before(async () => {
  suite = await openEvaluation();
  suite.work();
  address = await suite.http.server.listen({ host: "127.0.0.1", port: 0 });
  pavel = await suite.hire("participant");
  await suite.open("Letters", ["a", "a", "b", "c"], { participants: [pavel.userId] });
});

/** Runs the command beside the server, which answers it from this process. */
async function submit(args: string[], token: string = tokenOf(pavel.credential)) {
  const env = { ...process.env, TENON_API_KEY: token };
  const all = ["submit", "--server", address, "--organization", suite.tenant.slug, ...args];
  const child = spawn(process.execPath, [MAIN, ...all], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on("close", resolve)),
  ]);
  return { out, errors, code };
}

function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("predictions are handed in, followed to their end, and their scores printed", async () => {
  const lines = ["a", "b", "b", "b"].map((label, index) => JSON.stringify({ position: index + 1, label })).join("\n");
  const file = fileOf("predictions.jsonl", lines);
  const { out, code } = await submit(["--benchmark", "Letters", file]);
  assert.equal(code, 0, out);
  assert.match(out, /^4 predictions\. Submission [0-9a-f-]{36}\n/);
  assert.match(out, /\ncompleted\n/);
  assert.match(out, /f1_macro +0\.388889\n/);
  assert.match(out, /Rank 1\n$/);
});

test("rows that are wrong are printed by line, and end it with 1", async () => {
  const file = fileOf(
    "bad.csv",
    csvOf("position,label", [
      [1, "a"],
      [1, "b"],
      [9, "c"],
    ]),
  );
  const { out, errors, code } = await submit(["--benchmark", "Letters", file]);
  assert.deepEqual([out, code], ["", 1]);
  assert.match(errors, /^line +column +reason\n3 +position +Line 2 predicts this item already/);
  assert.match(errors, /Nothing was handed in/);
});

test("a benchmark that is not there, a key that is wrong and a server that is not there are told in a line", async () => {
  const file = fileOf("good.csv", csvOf("position,label", [[1, "a"]]));
  const unknown = await submit(["--benchmark", "Numbers", file]);
  assert.match(
    unknown.errors,
    /^tenon: There is no benchmark "Numbers" that you take part in\. There are: "Letters"\.\n$/,
  );
  const wrong = await submit(["--benchmark", "Letters", file], "tak_nonsense");
  assert.deepEqual([wrong.code, /^tenon: .*\n$/.test(wrong.errors)], [1, true], wrong.errors);
  const none = await submit(["--benchmark", "Letters", file], "");
  assert.match(none.errors, /^tenon: There is no API key\. Set TENON_API_KEY/);
});
