import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import fc from "fast-check";
import { createTenant } from "../../../test/harness.ts";
import { COLUMNS, openThings, type Things } from "./things.fixture.ts";

const RUNS = 100;
const SECRET = "another's secret";
const OWN = randomUUID();

let things: Things;

before(async () => {
  things = await openThings();
  const other = await createTenant(things.http.database);
  const row = { kind: "a", labels: ["x"], fields: { a: { b: 1 } } };
  await things.put(other, [{ ...row, id: randomUUID(), name: SECRET, note: SECRET }]);
  await things.put(
    things.tenant,
    Array.from({ length: 5 }, (_, n) => ({ ...row, id: n === 0 ? OWN : randomUUID(), name: `own ${n}` })),
  );
});

const ATTACKS = [
  "' or true --",
  '" or true --',
  "'); select 1; --",
  "$1",
  "$2",
  "$$",
  "\\",
  "\\'",
  "%",
  "_",
  "E'\\x27'",
  "::int",
  "{",
  "}",
  '{"',
  "{a,b}",
  "0x27",
  "'||(select note from sample.things limit 1)||'",
  "1 or 1=1",
  "null",
  "\u0000",
  "\ud800",
  "\u2019",
  "\uff07",
  "a'b",
  'a"b',
  "a.b",
  "a[b]",
  "t.organization_id",
  "organization_id",
  "__proto__",
  "constructor",
  "toString",
  "-id",
  "id,name",
  "id desc",
  "(select 1)",
  "name nulls first; drop table sample.things",
  "\r\n",
  "",
];
const text = fc.oneof(
  fc.constantFrom(...ATTACKS),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ maxLength: 30 }),
);
const column = fc.constantFrom(...COLUMNS);
const operator = fc.constantFrom(
  "eq",
  "ne",
  "lt",
  "lte",
  "gt",
  "gte",
  "in",
  "contains",
  "starts_with",
  "is_null",
  "between",
);
const name = fc.oneof(
  fc.constantFrom("sort", "fields", "embed", "cursor", "q", "limit", "tags[any]", "tags[all]"),
  fc.tuple(column, operator).map(([left, right]) => `${left}[${right}]`),
  fc.tuple(text, operator).map(([path, right]) => `fields.${path}[${right}]`),
  fc.tuple(text, text).map(([left, right]) => `${left}[${right}]`),
  text,
);
const cursor = fc
  .tuple(fc.constantFrom("-id", "name,id", "?likeness"), fc.array(fc.oneof(text, fc.constant(null)), { maxLength: 3 }))
  .map(
    ([sort, values]) => ["cursor", Buffer.from(JSON.stringify([sort, "", ...values])).toString("base64url")] as const,
  );
const query = fc.array(fc.oneof({ weight: 9, arbitrary: fc.tuple(name, text) }, { weight: 1, arbitrary: cursor }), {
  minLength: 1,
  maxLength: 3,
});

test("whatever stands in a query, as a name or a value, nothing fails, and no row of another organization comes", async () => {
  const formats = fc.constantFrom(undefined, "text/csv", "application/x-ndjson");
  await fc.assert(
    fc.asyncProperty(
      query,
      fc.constantFrom("things", "things/count", `things/${OWN}`, "customers"),
      formats,
      async (pairs, path, accept) => {
        const search = pairs.map((pair) => pair.map(encode).join("=")).join("&");
        const before = things.lent();
        const answer = await things.http.ask(things.tenant.owner, {
          url: `/api/organizations/${things.tenant.slug}/sample/${path}?${search}`,
          ...(accept && { headers: { accept } }),
        });
        // A count and one row are JSON only, and say so to whoever takes nothing else.
        const expected = path.includes("/") && accept ? [406] : [200, 400];
        assert.ok(expected.includes(answer.statusCode), `${answer.statusCode} ${search} ${things.http.log.at(-1)}`);
        assert.ok(things.lent() - before <= 4);
        if (answer.statusCode === 200) assert.ok(!answer.body.includes(SECRET), search);
      },
    ),
    { numRuns: RUNS },
  );
  assert.equal((await things.list()).length, 5);
});

test("each value is looked for as it is: a row that has it as its name is found by it, and alone", async () => {
  const tenant = await createTenant(things.http.database);
  const values = ATTACKS.filter((value) => value.isWellFormed() && !value.includes("\0"));
  await things.put(
    tenant,
    values.map((value) => ({
      id: randomUUID(),
      name: value,
      note: value,
      kind: "a",
      labels: [value],
      fields: { [value]: { deep: value } },
    })),
  );
  for (const value of values) {
    const found = async (query: Record<string, string | string[]>) => {
      for (const accept of [undefined, "application/x-ndjson"]) {
        const answer = await things.get("things", { ...query, fields: "name" }, { tenant, ...(accept && { accept }) });
        assert.equal(answer.statusCode, 200, answer.body);
        const rows = accept ? [JSON.parse(answer.body)] : answer.json().items;
        assert.deepEqual(rows, [{ name: value }]);
      }
    };
    await found({ name: value });
    await found({ "name[in]": [value, randomUUID()] });
    await found({ "labels[contains]": [value, value] });
    if (value !== "" && !/[.[\]]/.test(value)) await found({ [`fields.${value}.deep`]: value });
  }
});

function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : "%ff%00";
}
