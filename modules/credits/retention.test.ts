import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { createScratchDatabase, createTenant, openAdmin, openTestDatabase } from "../../test/harness.ts";
import { assertBalanced, booksOf, CREDIT, openBooks } from "./ledger.fixture.ts";
import { removeOldRows } from "./retention.ts";

// A database of its own: time is moved back in it, of the append-only books too.
const login = await createScratchDatabase();
const database = openTestDatabase(login);
const admin = await openAdmin(login);
const connections = openBooks(4, login);
await admin.query("create table credits.ledger_entries_before partition of credits.ledger_entries default");

const remove = (batch?: number) => removeOldRows({ database, signal: new AbortController().signal }, batch);

/** Sets everything that the books have of an organization back in time. */
async function age(organization: string, months: number): Promise<void> {
  const back = `make_interval(months => ${months})`;
  await admin.query(`set session_replication_role = replica`);
  for (const [table, ...columns] of [
    ["holds", "created_at", "closed_at", "expires_at"],
    ["operations", "created_at"],
    ["usage_keys", "created_at"],
    ["ledger_entries", "created_at"],
    ["spending", "updated_at"],
  ])
    await admin.query(
      `update credits.${table} set ${columns.map((column) => `${column} = ${column} - ${back}`)} where organization_id = $1`,
      [organization],
    );
  await admin.query(`update credits.spending set day = day - ${back} where organization_id = $1 and kind = 'member'`, [
    organization,
  ]);
  await admin.query("update credits.balances set used_this_month = 0 where organization_id = $1", [organization]);
  // The time of a hold begins its id; the ledger's entries name it.
  await admin.query(
    `with aged as (
       update credits.holds h set id = overlay(h.id::text placing substr(credits.first_id_of((h.created_at at time zone 'UTC')::date)::text, 1, 13) from 1 for 13)::uuid
       from credits.holds old where h.organization_id = $1 and old.organization_id = $1 and old.id = h.id returning old.id as was, h.id
     )
     update credits.ledger_entries e set hold_id = aged.id, operation_key = replace(operation_key, aged.was::text, aged.id::text)
     from aged where e.organization_id = $1 and e.hold_id = aged.was`,
    [organization],
  );
  await admin.query(`set session_replication_role = origin`);
}

const count = async (table: string, organization: string) =>
  (
    await admin.query<{ count: number }>(`select count(*)::int from credits.${table} where organization_id = $1`, [
      organization,
    ])
  ).rows[0]?.count;

test("what is 25 months old goes, in small steps; the books stay true, and no key is used twice", async () => {
  const { id, owner } = await createTenant(database);
  const books = booksOf(connections, id);
  await books.grant(50 * CREDIT, "plan");
  const tree = randomUUID();
  for (const key of ["a", "b", "c", "d", "e"]) {
    const { hold_id: hold } = await books.reserve(CREDIT, key, {
      member: owner.userId,
      ...(key < "c" && { tree, treeCap: 9 * CREDIT }),
    });
    if (key === "e") await books.release(hold);
    else await books.settle(hold, key === "d" ? 0 : CREDIT);
    if (key === "a") await books.refund(hold, CREDIT, "refund");
  }
  const tell = () =>
    books.one<{ fresh: number }>("select credits.record_usage($1, $2) as fresh", [
      JSON.stringify([{ key: "u", event: "ai_call", resource: "ai_tokens", amount: 7 }]),
    ]);
  await tell();
  await age(id, 24);
  await books.reserve(CREDIT, "young");
  assert.equal(await remove(2), 1, "the key of the usage");
  assert.equal((await tell()).fresh, 1);
  await age(id, 2);
  // Somebody still reserves in the tree: what it spent is counted on.
  await admin.query("update credits.spending set updated_at = now() where kind = 'tree'");
  await assertBalanced(connections, id);
  assert.equal(await remove(2), 3 + 3, "holds beside those of the tree and the open one; welcome, plan and refund");
  await assertBalanced(connections, id);
  assert.equal(await count("spending", id), 1);
  await age(id, 26);
  assert.equal(await remove(), 2 + 1);
  await assertBalanced(connections, id);
  assert.deepEqual([await count("holds", id), await count("operations", id), await count("spending", id)], [1, 0, 0]);
  await assert.rejects(books.grant(50 * CREDIT, "plan"), { code: "TN011", message: /long ago/ });
  assert.equal(await remove(), 0);
});

test("a legal hold keeps everything", async () => {
  const { id, owner } = await createTenant(database);
  await admin.query("insert into audit.legal_holds (organization_id, reason, placed_by) values ($1, 'A lawsuit', $2)", [
    id,
    owner.userId,
  ]);
  await age(id, 30);
  assert.equal(await remove(), 0);
  await admin.query(
    "update audit.legal_holds set released_at = now(), released_by = placed_by where organization_id = $1",
    [id],
  );
  assert.equal(await remove(), 1);
});
