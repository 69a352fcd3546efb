import assert from "node:assert/strict";
import { test } from "node:test";
import { createTenant } from "../../test/harness.ts";
import { openImports } from "./imports.fixture.ts";

const imports = await openImports();
const { http, admin, work, start, ended, post, read, customers } = imports;

/** More than are done at once, so that there is something to be cancelled. */
const MANY_ROWS = 5_000;

function fileOf(rows: number, phone: string): string {
  const lines = Array.from({ length: rows }, (_, n) => `Customer ${n},customer${n}@example.com,${phone}`);
  return `name,email,phone\n${lines.join("\n")}\n`;
}

test("cancelled, an import takes in no more, and what it took in stays or goes as asked", async () => {
  for (const undo of [false, true]) {
    const tenant = await createTenant(http.database);
    const { id } = await start(fileOf(MANY_ROWS, "new"), { tenant, query: { on_error: "skip" } });
    const worker = work();
    while ((await read(id, tenant)).rows.created === 0);
    const { status, body } = await post(`/${id}/cancel`, { undo }, tenant);
    assert.deepEqual([status, body.state], [200, undo ? "undoing" : "cancelled"], JSON.stringify(body));
    const done = await ended(id, tenant);
    assert.equal(done.state, undo ? "undone" : "cancelled");
    assert.ok(done.rows.created > 0 && done.rows.created < MANY_ROWS);
    assert.equal((await customers("name", tenant)).length, undo ? 0 : done.rows.created);
    assert.equal((await post(`/${id}/cancel`, {}, tenant)).status, 409);
    await worker.stop();
  }
});

test("who believes an import to be where it is not any more notes nothing, and so takes in nothing", async () => {
  const tenant = await createTenant(http.database);
  const { rows } = await admin.query<{ id: string }>(
    "insert into imports.imports (organization_id, noun, format, mapping, on_error, state, bytes) values ($1, 'crm.customer', 'csv', '{}', 'skip', 'loading', 0) returning id",
    [tenant.id],
  );
  const advance = async (state: string, position: number, isHalf: boolean, done: object) => {
    await admin.query("begin");
    try {
      await admin.query("select set_config('tenon.organization_id', $1, true)", [tenant.id]);
      await admin.query("select imports.advance($1, $2, $3, $4, $5)", [rows[0]?.id, state, position, isHalf, done]);
    } finally {
      await admin.query("commit");
    }
  };
  await advance("loading", 0, false, { position: 2 });
  await assert.rejects(advance("loading", 0, false, { position: 2 }), { code: "TN011" });
  await advance("loading", 2, false, { is_half: true });
  await assert.rejects(advance("loading", 2, false, { is_half: true }), { code: "TN011" });
  await admin.query("update imports.imports set state = 'cancelled' where id = $1", [rows[0]?.id]);
  await assert.rejects(advance("loading", 2, true, { position: 4 }), { code: "TN011" });
});
