import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { createTenant, openAdmin, type Tenant } from "../../../test/harness.ts";
import { openThings, type Things } from "./things.fixture.ts";

type Row = { id: string; name: string; small: number | null; moment: string | null };
type Page = { items: Row[]; next_cursor: string | null };

let things: Things;

before(async () => {
  things = await openThings();
});

/** All pages of a list; between two of them something may happen. */
async function walk(tenant: Tenant, query: Record<string, string>, between = async () => {}): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const answer = await things.get("things", { ...query, ...(cursor !== null && { cursor }) }, { tenant });
    assert.equal(answer.statusCode, 200, answer.body);
    const page = answer.json<Page>();
    rows.push(...page.items);
    cursor = page.next_cursor;
    await between();
  } while (cursor !== null);
  return rows;
}

async function fill(count: number): Promise<Tenant> {
  const tenant = await createTenant(things.http.database);
  const moments = [null, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00.123456Z"];
  await things.put(
    tenant,
    Array.from({ length: count }, (_, n) => ({
      id: randomUUID(),
      name: `n${n % 5}`,
      small: n % 3 === 0 ? null : n % 7,
      moment: moments[n % 3],
      fields: {},
      labels: [],
      kind: "a",
    })),
  );
  return tenant;
}

function ascending(a: Row[keyof Row], b: Row[keyof Row]): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Number(a > b) - Number(a < b);
}

test("pages of any order, with keys in both directions and without values, are the whole list once, in that order", async () => {
  const tenant = await fill(40);
  const sorts = [
    "",
    "name",
    "-name",
    "small",
    "-small",
    "small,-name",
    "-moment,small",
    "-name,-moment,small",
    "moment,-small,name,-id",
  ];
  for (const sort of sorts) {
    const query = { ...(sort && { sort }), fields: "id,name,small,moment" };
    const whole = await walk(tenant, { ...query, limit: "200" });
    assert.equal(whole.length, 40);
    for (const limit of ["1", "7", "20", "40"])
      assert.deepEqual(await walk(tenant, { ...query, limit }), whole, `${sort} ${limit}`);
    const [first = "-id"] = sort.split(",");
    const key = first.replace("-", "") as keyof Row;
    const values = whole.map((row) => row[key]);
    // No value counts as the largest.
    const rising = values.toSorted(ascending);
    assert.deepEqual(values, first.startsWith("-") || !sort ? rising.toReversed() : rising, sort);
  }
});

test("the last page has no cursor, even if it is full", async () => {
  const tenant = await fill(4);
  const page = (await things.get("things", { limit: "4" }, { tenant })).json<Page>();
  assert.equal(page.next_cursor, null);
  assert.equal(page.items.length, 4);
});

test("a cursor of another sort, of another search, or of nobody's is refused", async () => {
  const tenant = await fill(4);
  const { next_cursor: cursor } = (await things.get("things", { limit: "2" }, { tenant })).json<Page>();
  assert.ok(cursor);
  const refusal = async (query: Record<string, string>) => {
    const answer = await things.get("things", query, { tenant });
    assert.equal(answer.statusCode, 400, answer.body);
    const [{ field, message }] = answer.json().errors;
    assert.equal(field, "cursor");
    return message as string;
  };
  assert.match(await refusal({ cursor, sort: "name" }), /another sort/);
  assert.match(await refusal({ cursor, q: "n1" }), /another sort or search/);
  for (const parts of [["-id", "", "x"], ["-id", "", null, 1], [], { a: 1 }, ["-id", "", 5], ["-id", "", "\0"]]) {
    const made = Buffer.from(JSON.stringify(parts)).toString("base64url");
    assert.match(await refusal({ cursor: made }), /no cursor/);
  }
});

test("while eight writers insert and delete, no row that is there throughout is missed or comes twice", async () => {
  const tenant = await fill(60);
  const ids = new Set((await walk(tenant, { limit: "200" })).map((row) => row.id));
  let isOver = false;
  const writers = Array.from({ length: 8 }, async () => {
    const admin = await openAdmin(things.login);
    await admin.query("set session_replication_role = replica");
    while (!isOver) {
      const { rows } = await admin.query<{ id: string }>(
        "insert into sample.things (organization_id, name, small, moment) select $1, 'n' || n % 5, n % 7, now() from generate_series(1, 5) n returning id",
        [tenant.id],
      );
      await admin.query("delete from sample.things where organization_id = $1 and id = any ($2)", [
        tenant.id,
        rows.map((row) => row.id),
      ]);
    }
  });
  try {
    for (const sort of ["-id", "name", "-moment,small"]) {
      const seen = (await walk(tenant, { sort, limit: "7" })).map((row) => row.id).filter((id) => ids.has(id));
      assert.equal(seen.length, 60, sort);
      assert.deepEqual(new Set(seen), ids);
    }
  } finally {
    isOver = true;
    await Promise.all(writers);
  }
});
