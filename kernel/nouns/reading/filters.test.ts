import assert from "node:assert/strict";
import { before, test } from "node:test";
import { COLUMNS, openThings, type Things } from "./things.fixture.ts";

type Row = Record<string, unknown> & { id: string };
type Value = string | number | boolean;

let things: Things;

const id = (n: number) => `01980000-0000-7000-8000-00000000000${n}`;
const ROWS: Row[] = [
  {
    id: id(1),
    name: "Alpha",
    note: "100% sure",
    kind: "a",
    done: true,
    small: -3,
    big: 5,
    price: 1.25,
    ratio: 0.5,
    day: "2026-01-31",
    moment: "2026-01-31T12:00:00+00:00",
    labels: ["x", "y"],
    address: "10.0.0.1",
    owner_id: id(7),
  },
  {
    id: id(2),
    name: "beta",
    note: null,
    kind: "b",
    done: false,
    small: 7,
    big: 9_007_199_254_740_000,
    price: 10,
    ratio: -2,
    day: "2025-12-01",
    moment: "2025-12-01T00:00:00+00:00",
    labels: [],
    address: null,
    owner_id: null,
  },
  {
    id: id(3),
    name: "Alphabet, soup",
    note: "a_b\\c",
    kind: "c",
    done: null,
    small: null,
    big: null,
    price: null,
    ratio: null,
    day: null,
    moment: null,
    labels: ["y"],
    address: "10.0.0.2",
    owner_id: id(8),
  },
  {
    id: id(4),
    name: "ünïcode 👋 'x'",
    note: "alpha",
    kind: "a",
    done: true,
    small: 32_767,
    big: -1,
    price: 1.3,
    ratio: 1e10,
    day: "2026-02-01",
    moment: "2026-02-01T23:59:59.5+00:00",
    labels: ["z, w", "y"],
    address: "::1",
    owner_id: id(7),
  },
];

before(async () => {
  things = await openThings();
  await things.put(
    things.tenant,
    ROWS.map((row, place) => ({ ...row, fields: FIELDS[place] })),
  );
});

const ORDERED: Record<string, (a: Value, b: Value) => boolean> = {
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
};

async function found(query: Record<string, string | string[]>): Promise<string[]> {
  const items = await things.list<Row>({ ...query, fields: "id" });
  return items.map((row) => row.id).sort();
}

function expected(column: string, isFound: (value: Value) => boolean): string[] {
  return ROWS.filter((row) => row[column] !== null && isFound(row[column] as Value)).map((row) => row.id);
}

for (const column of COLUMNS.filter((name) => name !== "fields" && name !== "labels")) {
  const values = [...new Set(ROWS.map((row) => row[column]).filter((value) => value !== null))] as Value[];

  test(`${column} is found by being equal, different, one of several, and missing`, async () => {
    for (const value of values) {
      const same = expected(column, (other) => other === value);
      const text = String(value);
      assert.deepEqual(await found({ [column]: text }), same, text);
      assert.deepEqual(await found({ [`${column}[eq]`]: text }), same);
      const others = ROWS.map((row) => row.id).filter((one) => !same.includes(one));
      assert.deepEqual(await found({ [`${column}[ne]`]: text }), others);
    }
    const missing = ROWS.filter((row) => row[column] === null).map((row) => row.id);
    assert.deepEqual(await found({ [`${column}[is_null]`]: "true" }), missing);
    assert.deepEqual(
      await found({ [`${column}[is_null]`]: "false" }),
      expected(column, () => true),
    );
    if (column === "done") return;
    const two = values.slice(0, 2).map(String);
    assert.deepEqual(
      await found({ [`${column}[in]`]: two }),
      expected(column, (value) => two.includes(String(value))),
    );
  });
}

for (const column of ["name", "small", "big", "price", "ratio", "day", "moment"]) {
  const values = ROWS.map((row) => row[column]).filter((value) => value !== null) as Value[];

  test(`${column} is found by its order`, async () => {
    for (const value of values) {
      for (const [operator, compare] of Object.entries(ORDERED))
        assert.deepEqual(
          await found({ [`${column}[${operator}]`]: String(value) }),
          expected(column, (other) => compare(other, value)),
          `${operator} ${value}`,
        );
      const [low, high] = [value, values[0] as Value].sort((a, b) => (a < b ? -1 : 1)) as [Value, Value];
      assert.deepEqual(
        await found({ [`${column}[between]`]: [String(low), String(high)] }),
        expected(column, (other) => other >= low && other <= high),
      );
    }
  });
}

test("parts of texts are found in any case, and beginnings as they are written; nothing in them is a pattern", async () => {
  assert.deepEqual(await found({ "name[contains]": "ALPHA" }), [id(1), id(3)]);
  assert.deepEqual(await found({ "name[starts_with]": "Alpha" }), [id(1), id(3)]);
  assert.deepEqual(await found({ "name[starts_with]": "alpha" }), []);
  assert.deepEqual(await found({ "note[contains]": "%" }), [id(1)]);
  assert.deepEqual(await found({ "note[contains]": "_" }), [id(3)]);
  assert.deepEqual(await found({ "note[contains]": "\\" }), [id(3)]);
  assert.deepEqual(await found({ "name[starts_with]": "%" }), []);
});

test("an array is found by what it holds", async () => {
  assert.deepEqual(await found({ "labels[contains]": "y" }), [id(1), id(3), id(4)]);
  assert.deepEqual(await found({ "labels[contains]": "x,y" }), [id(1)]);
  assert.deepEqual(await found({ "labels[contains]": ["z, w", "y"] }), [id(4)]);
});

test("a list of values is split at commas unless it is given more than once", async () => {
  assert.deepEqual(await found({ "name[in]": "Alpha,beta" }), [id(1), id(2)]);
  assert.deepEqual(await found({ "name[in]": ["Alphabet, soup", "beta"] }), [id(2), id(3)]);
  assert.deepEqual(await found({ "small[between]": "-3,7" }), [id(1), id(2)]);
});

const FIELDS = [
  { color: "red", size: { width: 3, unit: "cm" }, ok: true, list: ["p", { deep: "q" }] },
  { color: "Reddish", size: { width: 10 }, ok: "true", when: "2026-01-01" },
  { color: null, size: { width: "3" }, "": 1, when: "2025-01-01" },
  { "it's": 'x"y', size: 4 },
];

test("a JSON value is found by a path, whatever its type", async () => {
  assert.deepEqual(await found({ "fields.color": "red" }), [id(1)]);
  assert.deepEqual(await found({ "fields.color[ne]": "red" }), [id(2), id(3), id(4)]);
  assert.deepEqual(await found({ "fields.color[in]": "red,Reddish" }), [id(1), id(2)]);
  assert.deepEqual(await found({ "fields.color[contains]": "RED" }), [id(1), id(2)]);
  assert.deepEqual(await found({ "fields.color[starts_with]": "Red" }), [id(2)]);
  assert.deepEqual(await found({ "fields.color[is_null]": "true" }), [id(3), id(4)]);
  assert.deepEqual(await found({ "fields.color[is_null]": "false" }), [id(1), id(2)]);
  assert.deepEqual(await found({ "fields.size.width": "3" }), [id(1), id(3)]);
  assert.deepEqual(await found({ "fields.size.width[gt]": "3" }), [id(2)]);
  assert.deepEqual(await found({ "fields.size.width[lte]": "10" }), [id(1), id(2)]);
  assert.deepEqual(await found({ "fields.size.width[between]": "2,3.5" }), [id(1)]);
  assert.deepEqual(await found({ "fields.when[gte]": "2025-06-01" }), [id(2)]);
  assert.deepEqual(await found({ "fields.ok": "true" }), [id(1), id(2)]);
  assert.deepEqual(await found({ "fields.list.0": "p" }), [id(1)]);
  assert.deepEqual(await found({ "fields.list.1.deep": "q" }), [id(1)]);
  assert.deepEqual(await found({ "fields.it's": 'x"y' }), [id(4)]);
  assert.deepEqual(
    await found({ "fields[is_null]": "false" }),
    ROWS.map((row) => row.id),
  );
});

test("every fault is told at once, by the name as it was written, with what is expected", async () => {
  const query = {
    "moment[gte]": "yesterday",
    small: "40000",
    big: "1.5",
    kind: "d",
    "done[gt]": "true",
    "owner_id[in]": "x,y",
    "day[between]": "2026-02-30",
    "nmae[contains]": "x",
    "name.first": "x",
    "fields[gt]": "1",
    "price[is_null]": "maybe",
    name: ["a", "b"],
    limit: "1000",
    sort: "-nmae",
    fields: "nam",
    embed: "note",
    cursor: "x",
    q: " ",
    ratio: "1e999",
    note: "\0",
  };
  const answer = await things.get("things", query);
  assert.equal(answer.statusCode, 400);
  const faults = Object.fromEntries(
    answer.json().errors.map(({ field, message }: { field: string; message: string }) => [field, message]),
  );
  assert.deepEqual(
    Object.keys(faults).sort(),
    Object.keys(query)
      .filter((name) => name !== "cursor")
      .sort(),
  );
  assert.match(faults["moment[gte]"], /a time such as/);
  assert.match(faults.small, /-32768 to 32767/);
  assert.match(faults.kind, /one of a, b, c/);
  assert.match(faults["done[gt]"], /done takes \[eq\], \[ne\], \[is_null\]/);
  assert.match(faults["nmae[contains]"], /Did you mean name\?/);
  assert.match(faults.sort, /Did you mean name\?/);
  assert.match(faults.fields, /Did you mean name\?/);
  assert.match(faults.embed, /owner_id/);
  assert.match(faults.limit, /1 to 200/);
});

test("a plus that was not escaped is still a time's", async () => {
  const answer = await things.http.ask(things.tenant.owner, {
    url: `/api/organizations/${things.tenant.slug}/sample/things?moment=2026-01-31T13:00:00+01:00`,
  });
  assert.deepEqual(
    answer.json().items.map((row: Row) => row.id),
    [id(1)],
  );
});

test("a stranger learns nothing from how a query is read", async () => {
  const answer = await things.http.ask(things.tenant.owner, { url: "/api/organizations/no-such/sample/things?foo=1" });
  assert.equal(answer.statusCode, 404);
});
