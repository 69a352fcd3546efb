import assert from "node:assert/strict";
import { test } from "node:test";
import { addMember } from "../../test/harness.ts";
import { essenceOf } from "../../test/http/server.ts";
import { roleIdOf } from "../../test/http/world.ts";
import {
  accept,
  admin,
  database,
  http,
  invite,
  mailsTo,
  newAddress,
  newTenant,
  personAt,
  statusAndCode,
  tokenTo,
  within,
} from "./joining.fixture.ts";

const MAILS_A_DAY = 10;
const OPEN_MAX = 500;

/** As if the last mail of an invitation had been sent a while ago. */
async function letTimePass(invitation: string, time: string): Promise<void> {
  await admin.query("update organizations.invitations set last_sent_at = last_sent_at - $2::interval where id = $1", [
    invitation,
    time,
  ]);
}

test("an invitation is listed, mailed and kept without its secret", async () => {
  const tenant = await newTenant();
  const email = newAddress();
  const { id, status } = await invite(tenant, email);
  assert.equal(status, "open");
  const token = await tokenTo(email);
  const secret = token.split("_").slice(3).join("_");
  const { rows } = await admin.query(
    "select i::text as text from organizations.invitations i where id = $1 union all select e::text from audit.audit_logs e where organization_id = $2 and resource_id = $1::text",
    [id, tenant.id],
  );
  assert.ok(rows.length >= 2);
  for (const { text } of rows) assert.ok(!text.includes(secret));
  const recorded = rows.slice(1).map(({ text }) => text);
  assert.ok(
    recorded.every((text) => !text.includes(email)),
    "the record does not learn the address",
  );

  const { items, next_cursor } = (await within(tenant, tenant.owner, "GET", "/invitations")).json();
  assert.deepEqual(
    [items.length, items[0].id, items[0].email, items[0].roles[0].name, next_cursor],
    [1, id, email, "viewer", null],
  );
  const [mail] = await mailsTo(email, "invitation");
  assert.deepEqual([mail?.data.organization, mail?.data.inviter], ["Test organization", "A Person"]);
});

test("several addresses are invited at once, and none when one of them cannot be", async () => {
  const tenant = await newTenant();
  const roles = [await roleIdOf(admin, tenant.id, "viewer")];
  const emails = [newAddress(), newAddress(), newAddress()];
  const answer = await within(tenant, tenant.owner, "POST", "/invitations", {
    emails: [...emails, emails[0]?.toUpperCase()],
    roles,
  });
  assert.equal(answer.json().items.length, 3);
  const bad = [newAddress(), emails[1]];
  const refused = await within(tenant, tenant.owner, "POST", "/invitations", { emails: bad, roles });
  assert.equal(refused.statusCode, 409);
  assert.match(refused.json().detail, new RegExp(`Already invited: ${emails[1]}`));
  assert.deepEqual(await mailsTo(bad[0] ?? "", "invitation"), []);
});

test("the list pages by key and filters by status", async () => {
  const tenant = await newTenant();
  const ids = [];
  for (let count = 0; count < 3; count++) ids.unshift((await invite(tenant, newAddress())).id);
  await within(tenant, tenant.owner, "DELETE", `/invitations/${ids[1]}`);
  const page = async (search: string) => (await within(tenant, tenant.owner, "GET", `/invitations?${search}`)).json();
  const first = await page("limit=2");
  const rest = await page(`limit=2&cursor=${first.next_cursor}`);
  assert.deepEqual(
    [...first.items, ...rest.items].map(({ id }) => id),
    ids,
  );
  assert.equal(rest.next_cursor, null);
  assert.deepEqual(
    (await page("status=open")).items.map(({ id }: { id: string }) => id),
    [ids[0], ids[2]],
  );
  assert.deepEqual(
    (await page("status=revoked")).items.map(({ id }: { id: string }) => id),
    [ids[1]],
  );
});

test("nobody invites with roles that permit more than they may", async () => {
  const tenant = await newTenant();
  const administrator = await addMember(admin, database, tenant, "admin");
  const owner = await roleIdOf(admin, tenant.id, "owner");
  const answer = await within(tenant, administrator, "POST", "/invitations", { email: newAddress(), roles: [owner] });
  assert.deepEqual(statusAndCode(answer), [403, "forbidden"]);
  await invite(tenant, newAddress(), ["admin"], administrator);
});

test("a role of another organization is answered as one that does not exist", async () => {
  const [tenant, other] = [await newTenant(), await newTenant()];
  const ask = async (role: string) =>
    essenceOf(await within(tenant, tenant.owner, "POST", "/invitations", { email: newAddress(), roles: [role] }));
  const foreign = await ask(await roleIdOf(admin, other.id, "viewer"));
  assert.equal(foreign.statusCode, 400);
  assert.deepEqual(foreign, await ask(crypto.randomUUID()));
});

test("a member is not invited, and whether an address has an account elsewhere does not show", async () => {
  const tenant = await newTenant();
  const member = await addMember(admin, database, tenant, "viewer");
  const roles = [await roleIdOf(admin, tenant.id, "viewer")];
  const ask = (email: string) => within(tenant, tenant.owner, "POST", "/invitations", { email, roles });
  assert.deepEqual(statusAndCode(await ask(member.email.toUpperCase())), [409, "conflict"]);
  const { email } = await personAt(newAddress());
  const plain = (body: string, address: string) =>
    body
      .replaceAll(address, "ADDRESS")
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
      .replace(/\d{4}-\d\d-\d\dT[\d:.+]+/g, "TIME");
  const fresh = newAddress();
  assert.equal(plain((await ask(email)).body, email), plain((await ask(fresh)).body, fresh));
});

test("of two who invite the same address at once, one does", async () => {
  const tenant = await newTenant();
  const roles = [await roleIdOf(admin, tenant.id, "viewer")];
  const email = newAddress();
  const answers = await Promise.all(
    [email, email.toUpperCase(), email].map((address) =>
      within(tenant, tenant.owner, "POST", "/invitations", { email: address, roles }),
    ),
  );
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 409, 409]);
});

test("an invitation is sent again with a new link, not within a minute and at most ten times", async () => {
  const tenant = await newTenant();
  const email = newAddress();
  const { id } = await invite(tenant, email);
  const old = await tokenTo(email);
  const resend = () => within(tenant, tenant.owner, "POST", `/invitations/${id}/resend`);
  assert.deepEqual(statusAndCode(await resend()), [409, "conflict"]);
  for (let sent = 2; sent <= 10; sent++) {
    await letTimePass(id, "1 minute");
    assert.equal((await resend()).json().sent_count, sent);
  }
  await letTimePass(id, "1 minute");
  assert.deepEqual(statusAndCode(await resend()), [409, "conflict"]);
  const person = await personAt(email);
  assert.equal((await accept(person, old)).statusCode, 404);
  assert.equal((await accept(person, await tokenTo(email))).statusCode, 200);
});

test("an expired invitation lives again when it is sent again, and gives way to a new one", async () => {
  const tenant = await newTenant();
  const email = newAddress();
  const { id } = await invite(tenant, email);
  const expire = (invitation: string) =>
    admin.query(
      "update organizations.invitations set expires_at = now() - interval '1 second', last_sent_at = now() - interval '8 days' where id = $1",
      [invitation],
    );
  await expire(id);
  assert.equal((await within(tenant, tenant.owner, "POST", `/invitations/${id}/resend`)).json().status, "open");
  await expire(id);
  const again = await invite(tenant, email);
  const { items } = (await within(tenant, tenant.owner, "GET", "/invitations")).json();
  assert.deepEqual(
    items.map(({ id, status }: { id: string; status: string }) => [id, status]),
    [
      [again.id, "open"],
      [id, "expired"],
    ],
  );
});

test("revoking and inviting anew does not fill a mailbox", async () => {
  const tenant = await newTenant();
  const email = newAddress();
  for (let sent = 0; sent < MAILS_A_DAY; sent++) {
    const { id } = await invite(tenant, email);
    assert.equal((await within(tenant, tenant.owner, "DELETE", `/invitations/${id}`)).statusCode, 204);
  }
  const roles = [await roleIdOf(admin, tenant.id, "viewer")];
  const answer = await within(tenant, tenant.owner, "POST", "/invitations", { email, roles });
  assert.match(answer.json().detail, /Invited too often today/);
});

test("an organization has at most 500 open invitations", async () => {
  const tenant = await newTenant();
  await admin.query(
    `insert into organizations.invitations (organization_id, email, secret_hash, invited_by, expires_at)
     select $1, 'n' || n || '@example.com', decode(repeat('00', 32), 'hex'), $2, now() + interval '1 day' from generate_series(1, $3::int) n`,
    [tenant.id, tenant.owner.userId, OPEN_MAX - 1],
  );
  await invite(tenant, newAddress());
  const roles = [await roleIdOf(admin, tenant.id, "viewer")];
  const answer = await within(tenant, tenant.owner, "POST", "/invitations", { email: newAddress(), roles });
  assert.match(answer.json().detail, /at most 500 open invitations/);
});

test("an accepted invitation is neither revoked nor sent again", async () => {
  const tenant = await newTenant();
  const person = await personAt(newAddress());
  const { id } = await invite(tenant, person.email);
  assert.equal((await accept(person, await tokenTo(person.email))).statusCode, 200);
  assert.equal((await within(tenant, tenant.owner, "DELETE", `/invitations/${id}`)).statusCode, 409);
  assert.equal((await within(tenant, tenant.owner, "POST", `/invitations/${id}/resend`)).statusCode, 409);
  const { items } = (await within(tenant, tenant.owner, "GET", "/invitations?status=accepted")).json();
  assert.equal(items[0].id, id);
});

test("support in a member's place may not let people in", async () => {
  const { rows } = await admin.query(
    "select kernel.closed_to_support() @> '{member.manage,organization.domain.manage}' as closed",
  );
  assert.equal(rows[0].closed, true);
});

test("what is no invitation's body is told by its field", async () => {
  const tenant = await newTenant();
  const roles = [crypto.randomUUID()];
  for (const body of [
    { roles },
    { email: "a@b.c", emails: ["a@b.c"], roles },
    { email: "nobody", roles },
    { email: "a@b.c", roles: [] },
  ])
    assert.equal((await within(tenant, tenant.owner, "POST", "/invitations", body)).statusCode, 400);
  const emails = Array.from({ length: 51 }, () => newAddress());
  assert.equal(
    (
      await http.ask(tenant.owner, {
        method: "POST",
        url: `/api/organizations/${tenant.slug}/invitations`,
        payload: { emails, roles },
      })
    ).statusCode,
    400,
  );
});
