import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { RUNTIME_ROLES } from "../../kernel/database/roles.ts";
import type { Permission } from "../../kernel/database/types.gen.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type { SessionCredential } from "../../kernel/tenancy/credential.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import {
  addMember,
  contextOf,
  createPerson,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Person,
  type Tenant,
} from "../harness.ts";
import { createCast, isEntering, personOf } from "./actors.ts";

const database = openTestDatabase();
const admin = await openAdmin();
const cast = await createCast(admin, database);
const { tenant } = cast;
const other = await createTenant(database);

const NOT_SIGNED_IN = { code: "TN001", message: "Not signed in" };
const NO_SUCH_ORGANIZATION = { code: "TN002", message: "No such organization" };
const PERMISSION_MISSING = { code: "TN003" };
const STALE_HINT = { code: "TN004" };

type Refusal = { code: string; message?: string; detail?: string };

/** Expects that entering is refused, and that nothing after it runs. */
async function refuses(context: Context, refusal: Refusal): Promise<void> {
  const name = `after ${randomUUID()}`;
  const statement = {
    text: "insert into organizations.tags (organization_id, name) values ($1, $2)",
    values: [tenant.id, name],
  };
  await assert.rejects(queryText(context, statement), refusal);
  assert.equal((await admin.query("select from organizations.tags where name = $1", [name])).rowCount, 0);
}

function withCredential(credential: Partial<Record<keyof SessionCredential, unknown>>): Context {
  return contextOf(database, tenant, {
    credential: { ...tenant.owner.credential, ...credential } as SessionCredential,
  });
}

const WRONG_SECRETS: Record<string, unknown> = {
  "another secret": other.owner.credential.secret,
  "an empty secret": "",
  "no secret": null,
  "a secret that is longer by a space": `${tenant.owner.credential.secret} `,
};
for (const [what, secret] of Object.entries(WRONG_SECRETS)) {
  test(`a session's id with ${what} opens nothing`, () => refuses(withCredential({ secret }), NOT_SIGNED_IN));
}

test("the hash that the database keeps is no secret", async () => {
  const { rows } = await admin.query(
    "select encode(secret_hash, 'hex') as hash from identity.user_sessions where id = $1",
    [tenant.owner.credential.sessionId],
  );
  await refuses(withCredential({ secret: rows[0].hash }), NOT_SIGNED_IN);
});

test("another person's session opens nothing, whoever's name or secret it is used with", async () => {
  const { userId, sessionId, secret } = other.owner.credential;
  await refuses(withCredential({ sessionId, secret }), NOT_SIGNED_IN);
  await refuses(withCredential({ sessionId }), NOT_SIGNED_IN);
  await refuses(withCredential({ userId }), NOT_SIGNED_IN);
  await refuses(withCredential({ userId, sessionId, secret }), NO_SUCH_ORGANIZATION);
});

/** Changes that shut out a person who had entered before, each with the reason they are told. */
const SHUTTERS: Record<string, { sql: string; refusal: Refusal }> = {
  "a revoked session": {
    sql: "update identity.user_sessions set revoked_at = now() where user_id = $1",
    refusal: NOT_SIGNED_IN,
  },
  "an expired session": {
    sql: "update identity.user_sessions set expires_at = now() where user_id = $1",
    refusal: NOT_SIGNED_IN,
  },
  "a suspended person": { sql: "update identity.users set status = 'suspended' where id = $1", refusal: NOT_SIGNED_IN },
  "a deleted person": { sql: "update identity.users set status = 'deleted' where id = $1", refusal: NOT_SIGNED_IN },
  "a person who is not active yet": {
    sql: "update identity.users set status = 'pending' where id = $1",
    refusal: NOT_SIGNED_IN,
  },
  "a suspended member": {
    sql: "update organizations.memberships set status = 'suspended' where user_id = $1",
    refusal: NO_SUCH_ORGANIZATION,
  },
  "a member who left": {
    sql: "update organizations.memberships set status = 'left' where user_id = $1",
    refusal: NO_SUCH_ORGANIZATION,
  },
  "a member who is only invited": {
    sql: "update organizations.memberships set status = 'pending' where user_id = $1",
    refusal: NO_SUCH_ORGANIZATION,
  },
  "a member who lost the role": {
    sql: "delete from organizations.member_roles where user_id = $1",
    refusal: PERMISSION_MISSING,
  },
  "a member who is denied the permission": {
    sql: `update organizations.memberships set permissions = '{"grants": ["organization.read"], "denials": ["organization.read"]}' where user_id = $1`,
    refusal: PERMISSION_MISSING,
  },
};
for (const [who, { sql, refusal }] of Object.entries(SHUTTERS)) {
  test(`${who} is shut out with the next request`, async () => {
    const person = await addMember(admin, database, tenant, "member");
    const context = contextOf(database, tenant, { person });
    assert.equal(await queryText(context, { text: "select 'in'" }), "in");
    await admin.query(sql, [person.userId]);
    await refuses(context, refusal);
  });
}

for (const status of ["suspended", "deleted"]) {
  test(`a ${status} organization lets nobody in`, async () => {
    const closed = await createTenant(database);
    await admin.query("update organizations.organizations set status = $2 where id = $1", [closed.id, status]);
    await refuses(contextOf(database, closed), NO_SUCH_ORGANIZATION);
  });
}

test("an outsider cannot tell an organization from none, nor a right address from a wrong one", async () => {
  const outsider = await createPerson(database);
  const guesses: Pick<Tenant, "id" | "slug">[] = [
    { id: tenant.id, slug: tenant.slug },
    { id: tenant.id, slug: "guessed" },
    { id: randomUUID(), slug: tenant.slug },
  ];
  for (const organization of guesses) {
    await refuses(contextOf(database, tenant, { person: outsider, organization }), {
      ...NO_SUCH_ORGANIZATION,
      detail: undefined,
    } as Refusal);
  }
});

test("a permission that the person does not hold is named", async () => {
  const context = contextOf(database, tenant, { role: "own", person: cast.labeler, permission: "role.manage" });
  await refuses(context, { ...PERMISSION_MISSING, message: "Permission role.manage is missing" });
  await refuses({ ...context, permission: "no.such" as string as Permission }, PERMISSION_MISSING);
  await refuses({ ...context, permission: null as unknown as Permission }, PERMISSION_MISSING);
});

test("an old address is answered with the new one", () =>
  refuses(contextOf(database, tenant, { organization: { id: tenant.id, slug: "old" } }), {
    ...STALE_HINT,
    detail: `slug ${tenant.slug}`,
  }));

test("a connection of a wider role than the permission's scope is refused, and told the scope", async () => {
  const wrong: [Context["role"], Person, string][] = [
    ["member", cast.labeler, "own"],
    ["steward", cast.labeler, "own"],
    ["loader", cast.labeler, "own"],
    ["client", cast.labeler, "own"],
    ["member", cast.client, "client"],
    ["own", cast.client, "client"],
    ["client", tenant.owner, "organization"],
  ];
  for (const [role, person, scope] of wrong) {
    await refuses(contextOf(database, tenant, { role, person }), { ...STALE_HINT, detail: `scope ${scope}` });
  }
});

test("only the roles that enter with a credential may call enter", async () => {
  for (const role of RUNTIME_ROLES) {
    const context = contextOf(database, tenant, { role: role as Context["role"], person: personOf(role, cast) });
    if (isEntering(role)) assert.equal(await queryText(context, { text: "select 'in'" }), "in", role);
    else await refuses(context, { code: "42501", message: "permission denied for function enter" });
  }
});
