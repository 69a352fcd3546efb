import assert from "node:assert/strict";
import { test } from "node:test";
import { addMember, createTenant, openAdmin, openTestDatabase } from "../harness.ts";

const database = openTestDatabase();
const admin = await openAdmin();

test("the members of an organization are those who work in it now, with their roles", async () => {
  const tenant = await createTenant(database);
  const labeler = await addMember(admin, database, tenant, "labeler");
  const gone = await addMember(admin, database, tenant, "labeler");
  await admin.query(
    "update organizations.memberships set status = 'suspended' where organization_id = $1 and user_id = $2",
    [tenant.id, gone.userId],
  );
  const { rows } = await admin.query<{ user_id: string; roles: string[] }>(
    "select user_id, roles from organizations.organization_members where organization_id = $1 order by roles",
    [tenant.id],
  );
  assert.deepEqual(rows, [
    { user_id: labeler.userId, roles: ["labeler"] },
    { user_id: tenant.owner.userId, roles: ["owner"] },
  ]);
});
