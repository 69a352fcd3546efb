import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, get as request } from "node:http";
import type { AddressInfo } from "node:net";
import { before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { authorization } from "../../../test/http/server.ts";
import { exportFormat } from "./export.ts";
import { openThings, type Things } from "./things.fixture.ts";

const TEXTS = [
  "=1+1",
  "+49",
  "-1",
  "@SUM(A1)",
  "\tx",
  "\rx",
  "＝1",
  "'=1",
  "''+1",
  "'tis",
  "plain",
  'quoted "=1"',
  "two\nlines, and more",
  "שלום 👋",
  "",
  "\\.",
  "'",
];

let things: Things;

before(async () => {
  things = await openThings();
  const rows = TEXTS.map((name, n) => ({
    id: randomUUID(),
    name,
    note: null,
    kind: "a",
    small: -n,
    price: -1.5,
    big: "9007199254740993",
    moment: "2026-01-31T12:00:00.5Z",
    labels: ["=x"],
    fields: { a: "=1", n },
    version: 1,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
  }));
  await things.put(things.tenant, rows);
});

test("CSV has a header and all rows; a spreadsheet takes no text for a formula, and numbers stay", async () => {
  const answer = await things.get(
    "things",
    { sort: "-small", fields: "name,note,small,price,big,moment,labels,fields" },
    { accept: "text/csv" },
  );
  assert.equal(answer.headers["content-type"], "text/csv; charset=utf-8; header=present");
  assert.match(String(answer.headers["content-disposition"]), /^attachment; filename\*=UTF-8''things-of-.*\.csv$/);
  const rows = parse(answer.body, { columns: true }) as Record<string, string>[];
  assert.deepEqual(
    rows.map((row) => row.name),
    TEXTS.map((text) => (/^'*[=+\-@\t\r＝]/.test(text) ? `'${text}` : text)),
  );
  const { small, price, big, moment, labels, fields, note } = rows[3] ?? assert.fail();
  assert.deepEqual([small, price, big, note], ["-3", "-1.50", "9007199254740993", ""]);
  assert.deepEqual([moment, labels, fields], ["2026-01-31T12:00:00.5+00:00", '["=x"]', '{"a": "=1", "n": 3}']);
});

test("JSON lines are the rows of the list as they are, filtered and sorted the same", async () => {
  const query = { sort: "-small", "small[lte]": "-2", embed: "owner_id" };
  const answer = await things.get("things", query, { accept: "application/x-ndjson" });
  assert.equal(answer.headers["content-type"], "application/x-ndjson; charset=utf-8");
  const lines = answer.body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(lines.length, TEXTS.length - 2);
  assert.deepEqual(lines, await things.list(query));
  assert.equal(lines[0]?.big, "9007199254740993");
});

test("nothing that matches is a header in CSV, and nothing in JSON lines", async () => {
  const none = { name: "none", fields: "id,name" };
  assert.equal((await things.get("things", none, { accept: "text/csv" })).body, "id,name\n");
  assert.equal((await things.get("things", none, { accept: "application/x-ndjson" })).body, "");
});

test("what the caller accepts decides, by its weight", () => {
  assert.equal(exportFormat("text/csv"), "csv");
  assert.equal(exportFormat("text/csv;q=0.5, application/json"), undefined);
  assert.equal(exportFormat("application/json;q=0.1, application/x-ndjson; charset=utf-8"), "ndjson");
  assert.equal(exportFormat("text/csv;q=0"), undefined);
  assert.equal(exportFormat("text/html,*/*;q=0.8,text/csv;q=0.7"), undefined);
});

test("whoever may not read is told so before anything is sent", async () => {
  const answer = await things.http.ask(undefined, {
    url: `/api/organizations/${things.tenant.slug}/sample/things`,
    headers: { accept: "text/csv" },
  });
  assert.equal(answer.statusCode, 401);
});

test("a stream that breaks off is an aborted connection; who leaves ends the statement; only so many are open at once", async () => {
  await things.admin.query("set session_replication_role = replica");
  await things.admin.query(
    "insert into sample.things (organization_id, name, secret_note) select $1, 'many', repeat('x', 4000) from generate_series(1, 5000)",
    [things.tenant.id],
  );
  await things.admin.query("reset session_replication_role");
  await things.http.server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = things.http.server.server.address() as AddressInfo;
  const begin = async (): Promise<IncomingMessage> => {
    const headers = { ...authorization(things.tenant.owner), accept: "text/csv" };
    const path = `/api/organizations/${things.tenant.slug}/sample/things`;
    const [answer] = await once(request({ host: "127.0.0.1", port, path, headers }), "response");
    return answer.on("error", () => undefined);
  };
  // The place of an export that is over is free when its connection is closed, a moment later.
  const beginWhenFree = async (): Promise<IncomingMessage> => {
    const answer = await begin();
    return answer.statusCode === 503 ? beginWhenFree() : answer;
  };
  const copying = async () => {
    const text =
      "select pid from pg_stat_activity where datname = current_database() and query like 'copy (%' and state = 'active'";
    return (await things.admin.query<{ pid: number }>(text)).rows.map(({ pid }) => pid);
  };

  const broken = await begin();
  const [pid] = await copying();
  await things.admin.query("select pg_terminate_backend($1)", [pid]);
  const outcome = await new Promise((resolve) => {
    broken.on("end", () => resolve("ended")).on("error", () => resolve("aborted"));
    broken.resume();
  });
  assert.equal(outcome, "aborted");

  const left = await beginWhenFree();
  assert.equal((await copying()).length, 1);
  left.destroy();
  while ((await copying()).length > 0);

  const all: IncomingMessage[] = [];
  while (all.length < 4) all.push(await beginWhenFree());
  assert.deepEqual(
    all.map(({ statusCode }) => statusCode),
    [200, 200, 200, 200],
  );
  const refused = await begin();
  assert.equal(refused.statusCode, 503);
  for (const answer of [...all, refused]) answer.destroy();
});
