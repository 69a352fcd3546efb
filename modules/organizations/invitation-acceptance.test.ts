import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { roleName } from "../../kernel/database/roles.ts";
import { addMember, openAdmin, type Person, type Tenant, testServer } from "../../test/harness.ts";
import { essenceOf } from "../../test/http/server.ts";
import {
  accept,
  admin,
  database,
  http,
  invite,
  membershipOf,
  newAddress,
  newTenant,
  personAt,
  statusAndCode,
  tokenTo,
  within,
} from "./joining.fixture.ts";

const PASSWORD = "correct horse battery staple";
const ACCOUNT = { name: "Ada Lovelace", password: PASSWORD };
const GONE = [410, "gone"];

function preview(token: string) {
  return http.ask(undefined, { method: "POST", url: "/api/invitations/preview", payload: { token } });
}

/** How many statements of the gate's that contain a text wait for a lock. */
async function waitingFor(text: string): Promise<number> {
  const { rows } = await admin.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and strpos(query, $1) > 0 and usename = $2`,
    [text, roleName(testServer.prefix, "gate")],
  );
  return rows[0]?.count ?? 0;
}

/** Gives a member these roles and takes all others: first the new ones, as an organization needs its owner. */
async function setRoles(tenant: Tenant, { userId }: Person, ...roles: string[]): Promise<void> {
  await admin.query(
    `insert into organizations.member_roles (organization_id, user_id, role_id)
     select $1, $2, id from organizations.roles where organization_id = $1 and name = any ($3) on conflict do nothing`,
    [tenant.id, userId, roles],
  );
  await admin.query(
    `delete from organizations.member_roles mr using organizations.roles r
     where mr.organization_id = $1 and mr.user_id = $2 and r.organization_id = $1 and r.id = mr.role_id and r.name <> all ($3)`,
    [tenant.id, userId, roles],
  );
}

test("whoever is signed in as the invited person becomes a member with the roles, once", async () => {
  const tenant = await newTenant();
  const person = await personAt(newAddress(), false);
  await invite(tenant, person.email.toUpperCase(), ["viewer", "member"]);
  const token = await tokenTo(person.email.toUpperCase());
  const answer = await accept(person, token);
  assert.deepEqual([answer.statusCode, answer.json()], [200, { slug: tenant.slug }]);
  const membership = await membershipOf(tenant, person.userId);
  assert.deepEqual([membership?.status, membership?.roles], ["active", ["member", "viewer"]]);
  const { rows } = await admin.query("select email_verified_at from identity.users where id = $1", [person.userId]);
  assert.ok(rows[0].email_verified_at, "whoever has the token reads the mailbox");
  assert.deepEqual(statusAndCode(await accept(person, token)), GONE);
  assert.deepEqual(statusAndCode(await preview(token)), GONE);
});

test("the invited person makes an account with name and password, and is signed in", async () => {
  const tenant = await newTenant();
  const email = newAddress();
  await invite(tenant, email);
  const token = await tokenTo(email);
  const { organization, has_account, roles, inviter } = (await preview(token)).json();
  assert.deepEqual(
    [organization.name, has_account, roles, inviter],
    ["Test organization", false, ["viewer"], "A Person"],
  );

  const answer = await accept(undefined, token, ACCOUNT);
  assert.deepEqual([answer.statusCode, answer.json()], [200, { slug: tenant.slug }]);
  const cookies = Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]));
  const me = (await http.server.inject({ url: "/api/me", cookies })).json();
  assert.deepEqual([me.email, me.name, me.organizations[0].slug], [email, "Ada Lovelace", tenant.slug]);
  const signIn = await http.ask(undefined, {
    method: "POST",
    url: "/api/session",
    payload: { email, password: PASSWORD },
  });
  assert.equal(signIn.statusCode, 200);
  const { rows } = await admin.query(
    "select email_verified_at is not null as is_verified from identity.users where email = $1",
    [email],
  );
  assert.equal(rows[0].is_verified, true);
});

test("a new account wants a name and a good password, and until then nothing has happened", async () => {
  const tenant = await newTenant();
  const email = newAddress();
  await invite(tenant, email);
  const token = await tokenTo(email);
  const fieldsOf = async (account: object) => {
    const answer = await accept(undefined, token, account);
    assert.equal(answer.statusCode, 400);
    return answer.json().errors.map(({ field }: { field: string }) => field);
  };
  assert.deepEqual(await fieldsOf({}), ["name", "password"]);
  assert.deepEqual(await fieldsOf({ name: "Ada", password: "short" }), ["password"]);
  assert.deepEqual(await fieldsOf({ password: PASSWORD }), ["name"]);
  assert.equal((await preview(token)).json().has_account, false);
});

test("an address with an account has to sign in, whatever name and password come along", async () => {
  const tenant = await newTenant();
  const person = await personAt(newAddress());
  await invite(tenant, person.email);
  const token = await tokenTo(person.email);
  const answer = await accept(undefined, token, ACCOUNT);
  assert.equal(answer.statusCode, 401);
  assert.match(answer.json().hint, /Sign in with that address/);
  assert.equal((await preview(token)).json().has_account, true);
  assert.equal(await membershipOf(tenant, person.userId), undefined);
});

test("an ended session counts as none", async () => {
  const tenant = await newTenant();
  const other = await personAt(newAddress());
  const email = newAddress();
  await invite(tenant, email);
  await http.ask(other, { method: "DELETE", url: "/api/session" });
  assert.equal((await accept(other, await tokenTo(email), ACCOUNT)).statusCode, 200);
});

test("another person's address does not accept, and the invitation stays good", async () => {
  const tenant = await newTenant();
  const [invited, other] = [await personAt(newAddress()), await personAt(newAddress())];
  await invite(tenant, invited.email);
  const token = await tokenTo(invited.email);
  assert.deepEqual(statusAndCode(await accept(other, token)), [403, "forbidden"]);
  assert.equal(await membershipOf(tenant, other.userId), undefined);
  assert.equal((await accept(invited, token)).statusCode, 200);
});

test("every token but the right one is answered alike", async () => {
  const tenant = await newTenant();
  const [email, otherEmail] = [newAddress(), newAddress()];
  await invite(tenant, email);
  await invite(tenant, otherEmail);
  const [token, other] = [await tokenTo(email), await tokenTo(otherEmail)];
  const [prefix, organization, id] = token.split("_");
  const otherSecret = other.split("_").slice(3).join("_");
  const wrong = [
    `${prefix}_${organization}_${id}_${otherSecret}`,
    `${prefix}_${crypto.randomUUID()}_${id}_${token.split("_").slice(3).join("_")}`,
    `${token}A`,
  ];
  const [first, ...rest] = await Promise.all(wrong.map(async (text) => essenceOf(await preview(text))));
  assert.equal(first?.statusCode, 404);
  for (const answer of rest) assert.deepEqual(answer, first);
  for (const text of [...wrong, token.slice(0, -30), "tiv", `${token}%`]) {
    assert.equal((await preview(text)).statusCode, 404);
    assert.equal((await accept(undefined, text, ACCOUNT)).statusCode, 404);
  }
});

for (const [what, sql] of Object.entries({
  expired: "update organizations.invitations set expires_at = now() - interval '1 second' where organization_id = $1",
  revoked: "update organizations.invitations set revoked_at = now() where organization_id = $1",
  "without roles": "delete from organizations.invitation_roles where organization_id = $1",
  "to a suspended organization": "update organizations.organizations set status = 'suspended' where id = $1",
  "to a deleted organization":
    "update organizations.organizations set status = 'deleted', deleted_at = now() where id = $1",
})) {
  test(`an invitation ${what} is over`, async () => {
    const tenant = await newTenant();
    const [person, email] = [await personAt(newAddress()), newAddress()];
    await invite(tenant, person.email);
    await invite(tenant, email);
    await admin.query(sql, [tenant.id]);
    assert.deepEqual(statusAndCode(await accept(person, await tokenTo(person.email))), GONE);
    assert.deepEqual(statusAndCode(await accept(undefined, await tokenTo(email), ACCOUNT)), GONE);
    assert.deepEqual(statusAndCode(await preview(await tokenTo(email))), GONE);
    const { rows } = await admin.query("select from identity.users where email = $1", [email]);
    assert.deepEqual([rows.length, await membershipOf(tenant, person.userId)], [0, undefined]);
  });
}

for (const [what, change] of Object.entries({
  "was suspended": (tenant: Tenant, { userId }: Person) =>
    admin.query(
      "update organizations.memberships set status = 'suspended' where organization_id = $1 and user_id = $2",
      [tenant.id, userId],
    ),
  "lost the right to invite": (tenant: Tenant, inviter: Person) => setRoles(tenant, inviter, "member"),
  "is denied to invite": (tenant: Tenant, { userId }: Person) =>
    admin.query(
      `update organizations.memberships set permissions = '{"grants": [], "denials": ["member.manage"]}' where organization_id = $1 and user_id = $2`,
      [tenant.id, userId],
    ),
  "may less than the roles permit": (tenant: Tenant, { userId }: Person) =>
    admin.query(
      `update organizations.memberships set permissions = '{"grants": [], "denials": ["audit.read"]}' where organization_id = $1 and user_id = $2`,
      [tenant.id, userId],
    ),
  "has no account any more": (_: Tenant, { userId }: Person) =>
    admin.query("update identity.users set status = 'deleted' where id = $1", [userId]),
})) {
  test(`an invitation is over when its inviter ${what}`, async () => {
    const tenant = await newTenant();
    const inviter = await addMember(admin, database, tenant, "admin");
    const person = await personAt(newAddress());
    await invite(tenant, person.email, ["admin"], inviter);
    await change(tenant, inviter);
    const answer = await accept(person, await tokenTo(person.email));
    assert.deepEqual(statusAndCode(answer), GONE);
    assert.match(answer.json().detail, /Whoever invited you may not do so any more/);
    assert.equal(await membershipOf(tenant, person.userId), undefined);
  });
}

test("whoever sends an invitation again stands in for the inviter", async () => {
  const tenant = await newTenant();
  const inviter = await addMember(admin, database, tenant, "admin");
  const person = await personAt(newAddress());
  const { id } = await invite(tenant, person.email, ["admin"], inviter);
  await setRoles(tenant, inviter, "member");
  await admin.query("update organizations.invitations set last_sent_at = now() - interval '1 hour' where id = $1", [
    id,
  ]);
  assert.equal((await within(tenant, tenant.owner, "POST", `/invitations/${id}/resend`)).statusCode, 200);
  assert.equal((await accept(person, await tokenTo(person.email))).statusCode, 200);
});

test("of many who accept at once, signed in or with a new account, one becomes a member", async () => {
  const tenant = await newTenant();
  const person = await personAt(newAddress());
  const email = newAddress();
  await invite(tenant, person.email);
  await invite(tenant, email);
  const [known, fresh] = [await tokenTo(person.email), await tokenTo(email)];
  const asPerson = await Promise.all([1, 2, 3, 4].map(() => accept(person, known)));
  assert.deepEqual(asPerson.map(({ statusCode }) => statusCode).sort(), [200, 410, 410, 410]);
  const asNew = await Promise.all([1, 2, 3, 4].map(() => accept(undefined, fresh, ACCOUNT)));
  const [won, ...lost] = asNew.map(({ statusCode }) => statusCode).sort();
  assert.deepEqual([won, lost], [200, [410, 410, 410]]);
  const { rows } = await admin.query(
    "select count(*)::int as members from organizations.memberships where organization_id = $1 and email = any ($2)",
    [tenant.id, [person.email, email]],
  );
  assert.equal(rows[0].members, 2);
});

test("whoever accepts while another does finds the invitation accepted, not half of a membership", async () => {
  const tenant = await newTenant();
  const person = await personAt(newAddress());
  await invite(tenant, person.email);
  const token = await tokenTo(person.email);
  // Somebody else's row under way holds both up at the same place, or the second at the organization's lock.
  const other = await openAdmin();
  await other.query("begin");
  await other.query("select organizations.add_member($1, $2, '{viewer}')", [tenant.id, person.userId]);
  const answers = [accept(person, token), accept(person, token)];
  while ((await waitingFor("organizations.accept_invitation(")) < 2) await setImmediate();
  await other.query("rollback");
  const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode);
  assert.deepEqual(statuses.sort(), [200, 410]);
});

test("of accepting and demoting the inviter at once, the order decides: never more than the inviter has", async () => {
  for (let round = 0; round < 5; round++) {
    const tenant = await newTenant();
    const inviter = await addMember(admin, database, tenant, "admin");
    const person = await personAt(newAddress());
    await invite(tenant, person.email, ["admin"], inviter);
    const token = await tokenTo(person.email);
    const [answer] = await Promise.all([accept(person, token), setRoles(tenant, inviter, "viewer")]);
    const membership = await membershipOf(tenant, person.userId);
    assert.equal(answer.statusCode === 200, membership !== undefined, answer.body);
    assert.ok([200, 410].includes(answer.statusCode));
  }
});

test("who left comes back with the new roles alone; who was suspended does not; a member stays as they are", async () => {
  const tenant = await newTenant();
  const person = await personAt(newAddress());
  await invite(tenant, person.email, ["viewer"]);
  const token = await tokenTo(person.email);
  await admin.query("select organizations.add_member($1, $2, '{admin}')", [tenant.id, person.userId]);
  const become = (status: string) =>
    admin.query(
      `update organizations.memberships set status = $3, permissions = '{"grants": ["audit.read"], "denials": ["organization.read"]}'
       where organization_id = $1 and user_id = $2`,
      [tenant.id, person.userId, status],
    );
  assert.deepEqual(statusAndCode(await accept(person, token)), [409, "conflict"]);
  await become("suspended");
  assert.deepEqual(statusAndCode(await accept(person, token)), [409, "conflict"]);
  assert.equal((await membershipOf(tenant, person.userId))?.status, "suspended");
  await become("left");
  assert.equal((await accept(person, token)).statusCode, 200);
  const membership = await membershipOf(tenant, person.userId);
  assert.deepEqual([membership?.status, membership?.roles], ["active", ["viewer"]]);
  assert.equal(membership?.effective_permissions["audit.read"], undefined, "an old grant does not come back");
  assert.equal(membership?.effective_permissions["organization.read"], undefined, "an old denial stays");
});

test("a proved address sees its invitations and accepts without the mail, an unproved one does not", async () => {
  const [tenant, other] = [await newTenant(), await newTenant()];
  const email = newAddress();
  const person = await personAt(email, false);
  const { id } = await invite(tenant, email);
  const foreign = await invite(other, newAddress());
  const list = async () => (await http.ask(person, { url: "/api/me/invitations" })).json().items;
  const take = (invitation: string) =>
    http.ask(person, { method: "POST", url: `/api/me/invitations/${invitation}/acceptance` });
  assert.deepEqual([await list(), (await take(id)).statusCode], [[], 404]);
  await admin.query("update identity.users set email_verified_at = now() where id = $1", [person.userId]);
  assert.deepEqual(
    (await list()).map((item: { id: string }) => item.id),
    [id],
  );
  assert.deepEqual(essenceOf(await take(foreign.id)), essenceOf(await take(crypto.randomUUID())));
  assert.deepEqual((await take(id)).json(), { slug: tenant.slug });
  assert.deepEqual([await list(), (await take(id)).statusCode], [[], 410]);
});

test("an API key and a page of another site do not accept in a person's place", async () => {
  const tenant = await newTenant();
  const person = await personAt(newAddress());
  await invite(tenant, person.email);
  const request = {
    method: "POST",
    url: "/api/invitations/acceptance",
    payload: { token: await tokenTo(person.email) },
  } as const;
  const key = `Bearer tak_${tenant.id}_${crypto.randomUUID()}_${"x".repeat(43)}`;
  assert.equal((await http.server.inject({ ...request, headers: { authorization: key } })).statusCode, 403);
  const foreign = await http.ask(person, { ...request, headers: { origin: "https://elsewhere.example" } });
  assert.equal(foreign.statusCode, 403);
});

test("whatever roles and denials the inviter has when it is accepted, the new member gets no more", async () => {
  const PERMISSIONS = ["audit.read", "role.manage", "organization.update", "member.manage", "organization.tag.write"];
  const ROLES = ["owner", "admin", "task_admin", "reviewer", "labeler", "member", "viewer", "participant"];
  const tenant = await newTenant();
  const inviter = await addMember(admin, database, tenant, "owner");
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 3 }),
      fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 3 }),
      fc.uniqueArray(fc.constantFrom(...PERMISSIONS), { maxLength: 2 }),
      async (given, held, denials) => {
        const deny = (names: string[]) =>
          admin.query(
            "update organizations.memberships set permissions = $3 where organization_id = $1 and user_id = $2",
            [tenant.id, inviter.userId, JSON.stringify({ grants: [], denials: names })],
          );
        await deny([]);
        await setRoles(tenant, inviter, "owner");
        const person = await personAt(newAddress());
        await invite(tenant, person.email, given, inviter);
        await setRoles(tenant, inviter, ...held);
        await deny(denials);
        const { statusCode } = await accept(person, await tokenTo(person.email));
        const may = (await membershipOf(tenant, inviter.userId))?.effective_permissions ?? {};
        const got = (await membershipOf(tenant, person.userId))?.effective_permissions;
        assert.equal(statusCode, got ? 200 : 410);
        if (!got) return;
        assert.equal(may["member.manage"], "organization");
        for (const [permission, scope] of Object.entries(got))
          assert.ok(may[permission] === "organization" || may[permission] === scope, `${permission} in ${scope}`);
      },
    ),
    { numRuns: 40 },
  );
});

test("two tenants apart: an invitation of one is nothing in the other", async () => {
  const [tenant, other] = [await newTenant(), await newTenant()];
  const { id } = await invite(tenant, newAddress());
  const ask = async (invitation: string) =>
    essenceOf(await within(other, other.owner, "DELETE", `/invitations/${invitation}`));
  assert.deepEqual(await ask(id), await ask(crypto.randomUUID()));
  assert.equal((await within(other, other.owner, "GET", "/invitations")).json().items.length, 0);
});
