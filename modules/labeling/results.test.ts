import assert from "node:assert/strict";
import { text as textOf } from "node:stream/consumers";
import { test } from "node:test";
import { parse as parseCsv } from "csv-parse/sync";
import {
  asLabeler,
  asOwner,
  asReviewer,
  claim,
  decide,
  hire,
  openProject,
  submit,
  waiting,
} from "./labeling.fixture.ts";
import { exportResults, type ResultFormat } from "./results.ts";

/** A project with these texts, all labeled and approved, and how to take its results out. */
async function approveAll(texts: string[]): Promise<(format: ResultFormat) => Promise<string>> {
  const { tenant, project } = await openProject(texts);
  const labeler = asLabeler(tenant, await hire(tenant, "labeler"));
  const reviewer = asReviewer(tenant, await hire(tenant, "reviewer"));
  let assignment = await claim(labeler, project);
  while (assignment) assignment = await submit(labeler, assignment.id, "glad");
  let labels = await waiting(reviewer, project);
  while (labels.length > 0) {
    for (const { id } of labels) await decide(reviewer, id, { decision: "approved" });
    labels = await waiting(reviewer, project);
  }
  return async (format) => {
    const { stream } = await exportResults(asOwner(tenant), { project, format });
    return textOf(stream);
  };
}

test("a spreadsheet takes no text for a formula, and JSON lines have it as it is", async () => {
  const texts = ["=1+1", "+49", "-1", "@SUM(A1)", "\tx", "\rx", "plain", 'quoted "=1"', "two\nlines", "שלום 👋"];
  const take = await approveAll(texts);
  const rows = parseCsv(await take("csv"), { columns: true, record_delimiter: "\r\n" }) as {
    text: string;
  }[];
  assert.deepEqual(
    rows.map((row) => row.text),
    texts.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)),
  );
  const lines = (await take("jsonl")).trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).text),
    texts,
  );
});

test("without an approved label there is a header in CSV, and nothing in JSON lines", async () => {
  const { tenant, project } = await openProject(["a"]);
  const take = async (format: ResultFormat) => {
    const { stream } = await exportResults(asOwner(tenant), { project, format });
    return textOf(stream);
  };
  assert.equal(
    await take("csv"),
    "position,text,label,labeler,reviewer,rework,lead_time_ms,submitted_at,approved_at\r\n",
  );
  assert.equal(await take("jsonl"), "");
});
