import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { afterEach, test } from "node:test";
import { addMember, createPerson, createTenant, runEndings } from "../../test/harness.ts";
import { eraseDue } from "./erasure.ts";
import { openRecord, type TestRecord } from "./seals.fixture.ts";

afterEach(runEndings);

const NOW = { signal: new AbortController().signal };

async function erase({ admin, database }: TestRecord, person: string): Promise<void> {
  await admin.query(
    "update identity.users set status = 'deleted', deleted_at = now() - interval '31 days' where id = $1",
    [person],
  );
  await eraseDue({ database, ...NOW });
}

test("an organization outlives the person who founded it", async () => {
  const record = await openRecord();
  const { admin, database } = record;
  const tenant = await createTenant(database);
  const heir = await addMember(admin, database, tenant, "owner");
  await erase(record, tenant.owner.userId);
  const { rows } = await admin.query("select status from organizations.organizations where id = $1", [tenant.id]);
  assert.deepEqual(rows, [{ status: "active" }]);
  const { rows: members } = await admin.query(
    "select user_id, status from organizations.memberships where organization_id = $1 order by status",
    [tenant.id],
  );
  assert.deepEqual(members, [
    { user_id: heir.userId, status: "active" },
    { user_id: tenant.owner.userId, status: "left" },
  ]);
});

test("an invitation that a person came by loses their address of then, and support's visits the name of the supporter", async () => {
  const record = await openRecord();
  const { admin, database, tenant } = record;
  const member = await addMember(admin, database, tenant, "viewer");
  const old = `old-${randomUUID()}@example.com`;
  await admin.query(
    `insert into organizations.invitations (organization_id, email, secret_hash, invited_by, expires_at, accepted_at, accepted_by)
     values ($1, $2, sha256(''), $3, now(), now(), $4)`,
    [tenant.id, old, tenant.owner.userId, member.userId],
  );
  const supporter = await createPerson(database);
  await admin.query("update identity.users set full_name = 'Sue Porter' where id = $1", [supporter.userId]);
  await admin.query(
    `with consent as (
       insert into organizations.support_grants (organization_id, granted_by, reason, expires_at) values ($1, $2, 'x', now()) returning id)
     insert into organizations.support_visits (organization_id, grant_id, member_id, supporter_id, supporter_name, reason, session_id, ends_at)
     select $1, id, $2, $3, 'Sue Porter', 'Ticket 4711: help', gen_random_uuid(), now() from consent`,
    [tenant.id, tenant.owner.userId, supporter.userId],
  );
  await admin.query(
    `insert into identity.sign_ups (email, name, organization_name, slug, secret_hash, expires_at)
     values ($1, 'Member', 'x', 'x', sha256(''), now() + interval '1 day')`,
    [member.email],
  );
  await erase(record, member.userId);
  await erase(record, supporter.userId);
  const { rows: invitations } = await admin.query(
    "select email from organizations.invitations where organization_id = $1",
    [tenant.id],
  );
  assert.deepEqual(invitations, [{ email: `erased-${member.userId}@erased.invalid` }]);
  const { rows: visits } = await admin.query(
    "select supporter_name from organizations.support_visits where organization_id = $1",
    [tenant.id],
  );
  assert.deepEqual(visits, [{ supporter_name: "Erased person" }]);
  assert.equal((await admin.query("select from identity.sign_ups where email_key = $1", [member.email])).rowCount, 0);
});
