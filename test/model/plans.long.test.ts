import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { addMember, contextOf, createScratchDatabase, createTenant, openAdmin, openTestDatabase } from "../harness.ts";
import { fillCrowd, ROWS } from "./plans.fixture.ts";
import { QUERIES, type Query } from "./plans.queries.ts";

// What the main queries read, by their plans: an index each, and no more rows than the answer needs, however many there are.

const DOCUMENT = join(import.meta.dirname, "../../docs/plans.md");
/** The embedded server's. Another version may choose another index of equal use. */
const DOCUMENTED_VERSION = 18;
/** Rows that may be read for every row of a page. */
const TOUCHED_MAX = 1500;
/** A table of so few rows is one page. */
const SHORT_SCAN_MAX = 20;

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const tenant = await createTenant(database);
// Whoever asks for what is their own holds every permission of theirs.
const labeler = await addMember(admin, database, tenant, "labeler", "member");
const client = await addMember(admin, database, tenant, "client");
await fillCrowd(admin, {
  organization: tenant.id,
  owner: tenant.owner.userId,
  labeler: labeler.userId,
  client: client.userId,
});

type Node = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Plan Rows": number;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Node[];
};

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The index that a partition's belongs to, or the index itself. */
async function rootOf(index: string): Promise<string> {
  const { rows } = await admin.query<{ name: string }>(
    "select c.relname as name from pg_class i cross join pg_partition_root(i.oid) root join pg_class c on c.oid = coalesce(root, i.oid) where i.relname = $1 and i.relkind in ('i', 'I')",
    [index],
  );
  return rows[0]?.name ?? index;
}

/** What a query does as whom it is meant for: the tables read without an index, the indexes, and how many rows it reads and expects. */
async function planOf({ sql, role = "member", permission }: Query) {
  const person = role === "own" ? labeler : role === "client" ? client : tenant.owner;
  const values = sql.includes("$2") ? [tenant.id, person.userId] : [tenant.id];
  const context = contextOf(database, tenant, { role, person, ...(permission && { permission }) });
  const [row] = await transaction(context, (tx) =>
    tx.query<{ "QUERY PLAN": string }>(`explain (analyze, timing off, format json) ${sql}`, values),
  );
  const text = row?.["QUERY PLAN"] ?? assert.fail(sql);
  const [{ Plan: plan }] = (typeof text === "string" ? JSON.parse(text) : text) as [{ Plan: Node }];
  const nodes = nodesOf(plan);
  const executed = nodes.filter((node) => node["Actual Loops"] > 0);
  const touched = executed
    .filter((node) => node["Relation Name"])
    .map((node) => {
      const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
      return (node["Actual Rows"] + removed) * node["Actual Loops"];
    });
  const indexes = await Promise.all(nodes.flatMap((node) => node["Index Name"] ?? []).map(rootOf));
  return {
    sequential: executed.filter(isLongScan).map((node) => node["Relation Name"]),
    indexes: [...new Set(indexes)].sort(),
    touched: touched.reduce((sum, rows) => sum + rows, 0),
    answered: plan["Actual Rows"],
    expected: plan["Plan Rows"],
  };
}

/** Partitions of months that have hardly begun are read as they are. */
function isLongScan(node: Node): boolean {
  return (
    node["Node Type"] === "Seq Scan" && node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) > SHORT_SCAN_MAX
  );
}

const lines: string[] = [];

test("the data is large enough to tell", async () => {
  const { rows } = await admin.query(
    "select count(*)::int as customers from crm.customers where organization_id = $1",
    [tenant.id],
  );
  assert.ok(ROWS >= 300_000 && rows[0].customers >= 40_000);
});

for (const query of QUERIES) {
  test(`${query.name}: reads by an index, and a bounded number of rows`, async () => {
    const { sequential, indexes, touched, answered, expected } = await planOf(query);
    assert.deepEqual(sequential, []);
    assert.notEqual(indexes.length, 0);
    assert.ok(answered > 0, "it finds something");
    assert.ok(touched <= TOUCHED_MAX, `${touched} rows are read`);
    assert.ok(expected <= TOUCHED_MAX, `${expected} rows are expected`);
    const names = indexes.map((name) => `\`${name}\``).join(", ");
    lines.push(
      `| ${query.name} | ${query.role ?? "member"} | ${names} | ${10 ** Math.ceil(Math.log10(Math.max(touched, 1)))} |`,
    );
  });
}

test("docs/plans.md says what the plans are", async () => {
  const { rows } = await admin.query<{ version: number }>(
    "select current_setting('server_version_num')::int / 10000 as version",
  );
  const text = [
    "# The plans of the main queries",
    "",
    `One organization of ${ROWS.toLocaleString("en-US")} rows among fifty, each query as the database role it is meant for, under row-level security, on PostgreSQL ${DOCUMENTED_VERSION}.`,
    "Rows read are rounded up to a power of ten; `test/model/plans.long.test.ts` has the queries and keeps this table.",
    "",
    "| Query | Role | Indexes | Rows read at most |",
    "|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
  const written = await readFile(DOCUMENT, "utf8").catch(() => "");
  if (rows[0]?.version !== DOCUMENTED_VERSION) {
    assert.deepEqual(written.split("\n").length, text.split("\n").length);
    return;
  }
  if (written !== text) await writeFile(DOCUMENT, text);
  assert.equal(written, text, "docs/plans.md was old; it has been written anew");
});

test("a query without a fitting index is noticed", async () => {
  const { sequential, touched } = await planOf({
    name: "By what no index holds",
    sql: "select * from crm.notes where organization_id = $1 and content = 'Nothing'",
  });
  assert.ok(sequential.length > 0 || touched > TOUCHED_MAX);
});
