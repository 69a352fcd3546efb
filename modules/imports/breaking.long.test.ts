import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "../../kernel/database/pool.ts";
import { openRandom } from "../../kernel/import/random.fixture.ts";
import { createTenant, openTestDatabase } from "../../test/harness.ts";
import { openImports } from "./imports.fixture.ts";

const imports = await openImports();
const { http, admin, login, work, start, ended, post, customers } = imports;

const ROWS = 5_000;
const OLD_ROWS = 2_500;
/** Of so many connections that a worker borrows one breaks; of the loader every second one. */
const BREAKS_EVERY = 4;

/** Connections of which many break, before their work or behind its commit: whoever works with them learns no more than that. */
function breaking(database: Database, seed: number): Database & { breaks: number } {
  const random = openRandom(seed);
  const broken = () => Object.assign(new Error("The connection was lost."), { code: "ECONNRESET" });
  let loads = 0;
  const wrapped = {
    ...database,
    breaks: 0,
    lend: async <T>(role: Parameters<Database["lend"]>[0], use: Parameters<typeof database.lend<T>>[1]) => {
      const isLoad = role === "loader";
      if (isLoad) loads += 1;
      const isBreaking = isLoad ? loads % 2 === 1 : role === "worker" && random.integer(BREAKS_EVERY) === 0;
      if (isBreaking) wrapped.breaks += 1;
      const isBefore = isLoad ? loads % 4 === 1 : random.integer(2) === 0;
      if (isBreaking && isBefore) throw broken();
      const result = await database.lend(role, use);
      if (isBreaking) throw broken();
      return result;
    },
  };
  return wrapped;
}

function fileOf(rows: number, phone: string): string {
  const lines = Array.from({ length: rows }, (_, n) => `Customer ${n},customer${n}@example.com,${phone}`);
  return `name,email,phone\n${lines.join("\n")}\n`;
}

/** What is for later is due, again and again, until the import is over. */
async function endedSoon(id: string, of: Awaited<ReturnType<typeof createTenant>>) {
  const over = ended(id, of);
  let isOver = false;
  void over.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await admin.query("update tasks.entries set ready_at = now() where state = 'later'");
    await admin.query("update tasks.claims set expires_at = now() where expires_at < now() + interval '1 second'");
  }
  return over;
}

test("however often its connections break, an import takes in every row once, and its undoing leaves nothing of it", async () => {
  const tenant = await createTenant(http.database);
  const database = breaking(openTestDatabase(login), 7);
  const worker = work(database);
  const old = await start(fileOf(OLD_ROWS, "old"), { tenant });
  assert.equal((await endedSoon(old.id, tenant)).rows.created, OLD_ROWS);
  assert.equal((await customers("name", tenant)).length, OLD_ROWS);

  const { id } = await start(fileOf(ROWS, "new"), { tenant, query: { key: "email", on_error: "skip" } });
  const done = await endedSoon(id, tenant);
  assert.deepEqual(
    [done.state, done.rows.total, done.rows.created, done.rows.updated, done.rows.wrong],
    ["completed", ROWS, ROWS - OLD_ROWS, OLD_ROWS, 0],
  );
  const rows = await customers("email, phone", tenant);
  assert.equal(new Set(rows.map(([email]) => email)).size, ROWS);
  assert.ok(rows.length === ROWS && rows.every(([, phone]) => phone === "new"));
  assert.ok(database.breaks >= 8, `${database.breaks} breaks`);

  assert.equal((await post(`/${id}/undo`, undefined, tenant)).status, 200);
  const undone = await endedSoon(id, tenant);
  assert.deepEqual(
    [undone.state, undone.rows.deleted, undone.rows.restored, undone.rows.kept],
    ["undone", ROWS - OLD_ROWS, OLD_ROWS, 0],
  );
  const left = await customers("email, phone", tenant);
  assert.ok(left.length === OLD_ROWS && left.every(([, phone]) => phone === "old"));
  await worker.stop();
});
