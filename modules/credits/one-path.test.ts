import assert from "node:assert/strict";
import { test } from "node:test";
import { createTenant, openAdmin, openTestDatabase } from "../../test/harness.ts";

const admin = await openAdmin();

const BOOKS = [
  "accounts",
  "balances",
  "lots",
  "holds",
  "ledger_entries",
  "operations",
  "spending",
  "notices",
  "usage_events",
  "usage_periods",
  "usage_days",
  "usage_keys",
  "limits",
  "member_limits",
];

test("nobody but definer functions is granted a change of the books", async () => {
  const { rows } = await admin.query(
    `select c.relname, a.grantee::regrole::text as role, a.privilege_type
     from pg_class c cross join aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
     where c.relnamespace = 'credits'::regnamespace and c.relname = any ($1) and a.privilege_type <> 'SELECT'
       and r.rolname !~ '_(owner|definer)$'`,
    [BOOKS],
  );
  assert.deepEqual(rows, []);
});

test("of all functions only those of the ledger name the books in a change", async () => {
  const { rows } = await admin.query(
    `select p.oid::regprocedure::text as name from pg_proc p
     where p.pronamespace not in ('credits'::regnamespace, 'pg_catalog'::regnamespace, 'information_schema'::regnamespace)
       and coalesce(p.prosrc, '') || coalesce(pg_get_function_sqlbody(p.oid), '') ~ ('(insert into|update|delete from) +credits\\.(' || array_to_string($1::text[], '|') || ')\\M')`,
    [BOOKS],
  );
  assert.deepEqual(rows, []);
});

test("books that do not balance are refused, by whomever they are written", async () => {
  const { id } = await createTenant(openTestDatabase());
  const book = (amount: number) =>
    admin.query(
      `insert into credits.ledger_entries (organization_id, account_id, kind, leg, amount, balance_after, operation_key)
       select organization_id, id, 'adjustment', leg, amount, case leg when 'account' then 0 end, 'by hand'
       from credits.accounts cross join (values ('account', 5), ('adjusted', $2::bigint)) legs (leg, amount) where organization_id = $1`,
      [id, amount],
    );
  await assert.rejects(book(-4), { code: "23514" });
  await book(-5);
  await assert.rejects(admin.query("update credits.balances set held = posted + 1 where organization_id = $1", [id]), {
    code: "23514",
  });
  await assert.rejects(admin.query("update credits.ledger_entries set amount = 1 where organization_id = $1", [id]), {
    code: "23001",
  });
});
