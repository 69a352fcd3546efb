import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { openAs } from "../../test/harness.ts";
import { csvOf, type Evaluation, openEvaluation } from "./evaluation.fixture.ts";

/** A gold answer that is nowhere else. */
const PLANTED = `planted-${randomUUID()}`;
/** One so short that a parser quotes it whole. */
const SHORT = "zq81xw";

let suite: Evaluation;

before(async () => {
  suite = await openEvaluation();
  suite.work();
  await suite.plant(PLANTED);
});

test("members' own connections are refused gold answers, predictions and scores; the answer is there for who scores", async () => {
  for (const role of ["member", "own", "client", "loader", "dispatcher", "gate", "public"] as const) {
    const client = await openAs(suite.http.database, role);
    for (const table of ["datasets.dataset_answers", "evaluation.scores", "evaluation.prediction_chunks"])
      await assert.rejects(client.query(`select * from ${table}`), { code: "42501" }, `${role}: ${table}`);
  }
  const { rows } = await suite.admin.query(
    "select answer from datasets.dataset_answers where answer = to_jsonb($1::text)",
    [PLANTED],
  );
  assert.equal(rows.length, 1);
});

test("what is wrong with a file of gold answers is told without quoting it", async () => {
  const files = [
    [`${PLANTED},${PLANTED}\n`, "csv"],
    [
      csvOf("input,answer", [
        ["one", PLANTED],
        ["", PLANTED],
      ]),
      "csv",
    ],
    [`input,answer\none,"${PLANTED}\n`, "csv"],
    [`{"input": "one", "answer": "${PLANTED}"\n`, "jsonl"],
    [`{"input": "one", "answer": "a"}\n${SHORT}\n`, "jsonl"],
    [`["${PLANTED}"]\n"${PLANTED}"\n`, "jsonl"],
    [`{"input": "one", "answer": {"is": "${PLANTED}"}}\n`, "jsonl"],
    [`{"input": "one", "answer": "${PLANTED}${"x".repeat(1_000)}"}\n`, "jsonl"],
    [csvOf("input,answer", [["one", PLANTED]]), "csv"],
  ] as const;
  for (const [file, format] of files) {
    const { status, body } = await suite.send(suite.manager, `/datasets/gold?name=Bad&format=${format}`, file);
    assert.equal(status, 200);
    for (const secret of [PLANTED, SHORT]) assert.ok(!JSON.stringify(body).includes(secret), JSON.stringify(body));
  }
});

test("a gold answer is in no table but its own: not in the record, tasks, deliveries or events made of them", async () => {
  const { rows: tables } = await suite.admin.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relkind in ('r', 'p', 'm') and not c.relispartition and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'`,
  );
  assert.ok(tables.length > 100);
  const holders: string[] = [];
  for (const { name } of tables) {
    const { rows } = await suite.admin.query(`select from ${name} t where t::text like $1 limit 1`, [`%${PLANTED}%`]);
    if (rows.length > 0) holders.push(name);
  }
  assert.deepEqual(holders, ["datasets.dataset_answers"]);
  assert.deepEqual(
    suite.http.log.filter((line) => line.includes(PLANTED)),
    [],
  );
});
