import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { folder, newDatabase } from "../kernel/database/backup/backup.fixture.ts";
import { queryText } from "../kernel/tenancy/transaction.ts";
import {
  grantPlatformRole,
  listOperators,
  resumePerson,
  revokePlatformRole,
  suspendPerson,
  unlockAccount,
} from "../modules/identity/public.ts";
import { listOrganizations, resumeOrganization, suspendOrganization } from "../modules/organizations/public.ts";
import { addMember, contextOf, createPerson, createTenant, openTestDatabase } from "../test/harness.ts";
import { environmentOf, runCommand } from "./command.fixture.ts";
import { tableOf } from "./table.ts";

const { login, admin } = await newDatabase();
const database = openTestDatabase(login);

function tenonAdmin(...args: string[]) {
  return runCommand(["admin", ...args], { ...environmentOf(login, folder), TENON_URL: "https://tenon.example.com" });
}

/** Runs a subcommand that must succeed, and gives what it printed. */
function say(...args: string[]): string {
  const { status, stdout, stderr } = tenonAdmin(...args);
  assert.equal(status, 0, stderr);
  return stdout;
}

async function eventsOf(email: string): Promise<string[]> {
  const { rows } = await admin.query(
    "select e.kind from identity.user_events e join identity.users u on u.id = e.user_id where u.email = $1 and e.user_agent = 'tenon admin' order by e.id",
    [email],
  );
  return rows.map(({ kind }) => kind);
}

test("nobody has a role on the platform until somebody is given one", async () => {
  assert.match(say("operators"), /^Nobody has a role on the platform\. "tenon admin create <email>"/);
  const { rows } = await admin.query("select from identity.platform_roles");
  assert.equal(rows.length, 0);
});

test("a new administrator gets a link to set the password, good once and for a day", async () => {
  const printed = say("create", "grace@example.com", "--name", "Grace");
  const [, user, token, secret = ""] =
    /https:\/\/tenon\.example\.com\/reset-password#tot_([0-9a-f-]{36})_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})\n/.exec(
      printed,
    ) ?? [];
  const { rows } = await admin.query(
    `select t.user_id, t.id, t.purpose, t.secret_hash, t.used_at, t.expires_at <= now() + interval '1 day' and t.expires_at > now() + interval '23 hours' as is_a_day,
            u.full_name, exists (select from identity.credentials c where c.user_id = u.id) as has_password
     from identity.one_time_tokens t join identity.users u on u.id = t.user_id where u.email = 'grace@example.com'`,
  );
  assert.deepEqual(rows, [
    {
      user_id: user,
      id: token,
      purpose: "reset_password",
      secret_hash: createHash("sha256").update(secret).digest(),
      used_at: null,
      is_a_day: true,
      full_name: "Grace",
      has_password: false,
    },
  ]);
  assert.match(
    say("operators"),
    /^email +name +roles +status +second factor\ngrace@example\.com +Grace +admin +active +no$/m,
  );
  assert.match(say("create", "grace@example.com"), /with the account that was there/);
  assert.deepEqual(await eventsOf("grace@example.com"), ["account_created", "platform_role_granted"]);
});

test("roles are given and taken, once each, and only those there are, to people there are", async () => {
  const { email } = await createPerson(database);
  assert.match(say("grant", email.toUpperCase(), "support"), /has the role support\./);
  assert.equal(await grantPlatformRole(admin, email, "support"), false);
  assert.deepEqual(
    (await listOperators(admin)).filter((operator) => operator.email === email).map(({ roles }) => roles),
    [["support"]],
  );
  assert.match(say("revoke", email, "support"), /no more/);
  assert.equal(await revokePlatformRole(admin, email, "support"), false);
  assert.deepEqual(await eventsOf(email), ["platform_role_granted", "platform_role_revoked"]);
  const wrong = tenonAdmin("grant", email, "king");
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /Allowed choices are admin, moderator, support/);
  const nobody = tenonAdmin("grant", "nobody@example.com", "support");
  assert.deepEqual(
    [nobody.status, nobody.stderr],
    [1, "tenon: There is no account with the address nobody@example.com\n"],
  );
});

test("a locked account is unlocked", async () => {
  const { email, userId } = await createPerson(database);
  await admin.query(
    "update identity.lockouts set failed_attempts = 12, locked_until = now() + interval '1 hour' where user_id = $1",
    [userId],
  );
  assert.match(say("unlock", email), /can sign in again/);
  const { rows } = await admin.query("select failed_attempts, locked_until from identity.lockouts where user_id = $1", [
    userId,
  ]);
  assert.deepEqual(rows, [{ failed_attempts: 0, locked_until: null }]);
  assert.equal(await unlockAccount(admin, email), false);
  assert.deepEqual(await eventsOf(email), ["unlocked"]);
});

test("a suspended person is out at once, and starts anew when resumed", async () => {
  const tenant = await createTenant(database);
  const person = await addMember(admin, database, tenant, "member");
  const enter = () => queryText(contextOf(database, tenant, { person }), { text: "select 'in'" });
  assert.equal(await enter(), "in");
  assert.match(say("suspend-person", person.email), /every session has ended/);
  await assert.rejects(enter(), { code: "TN001" });
  assert.equal(await suspendPerson(admin, person.email), false);
  assert.match(say("resume-person", person.email), /can sign in again/);
  await assert.rejects(enter(), { code: "TN001" });
  assert.equal(await resumePerson(admin, person.email), false);
  assert.deepEqual(await eventsOf(person.email), ["suspended", "resumed"]);
});

test("a suspended organization lets nobody in; its sessions stay and work again when it is resumed", async () => {
  const tenant = await createTenant(database);
  const enter = () => queryText(contextOf(database, tenant), { text: "select 'in'" });
  assert.match(say("suspend", tenant.slug, "--reason", "Unpaid since May"), /is closed\. "tenon admin resume/);
  await assert.rejects(enter(), { code: "TN002", message: "No such organization" });
  await assert.rejects(suspendOrganization(admin, tenant.slug, "Again"), /is suspended already/);
  assert.match(say("resume", tenant.slug), /is open again/);
  assert.equal(await enter(), "in");
  const { rows } = await admin.query(
    "select actor_kind, operation, new_values from audit.audit_logs where organization_id = $1 and operation like 'admin.%' order by seq",
    [tenant.id],
  );
  assert.deepEqual(rows, [
    {
      actor_kind: "system",
      operation: "admin.organization.suspend",
      new_values: { status: "suspended", suspended_reason: "Unpaid since May" },
    },
    {
      actor_kind: "system",
      operation: "admin.organization.resume",
      new_values: { status: "active", suspended_reason: null },
    },
  ]);
  assert.match(tenonAdmin("suspend", tenant.slug).stderr, /required option '--reason <text>'/);
  await assert.rejects(resumeOrganization(admin, "no-such"), /There is no organization with the address no-such/);
});

test("organizations are listed with their members, and found by a part of their name or address", async () => {
  const tenant = await createTenant(database);
  await addMember(admin, database, tenant, "member");
  const line = new RegExp(
    `^${tenant.slug} +Test organization +active +2 +\\d{4}-\\d\\d-\\d\\d +\\d{4}-\\d\\d-\\d\\d$`,
    "m",
  );
  assert.match(say("organizations", "--search", tenant.slug.slice(3, 20).toUpperCase()), line);
  assert.match(say("organizations"), /^slug +name +status +members +created +last active$/m);
  assert.deepEqual(await listOrganizations(admin, "50%"), []);
});

test("the help of tenon admin says how to begin", () => {
  const { status, stdout } = runCommand(["admin", "--help"], environmentOf(login, folder));
  assert.equal(status, 0);
  assert.match(stdout, /tenon admin create you@example\.com/);
  for (const name of [
    "create",
    "grant",
    "revoke",
    "operators",
    "organizations",
    "unlock",
    "suspend",
    "resume",
    "suspend-person",
    "resume-person",
  ])
    assert.match(stdout, new RegExp(`^ {2}${name} .*\\S`, "m"));
});

test("a table keeps its columns, and nothing in it reaches the terminal but words", () => {
  assert.equal(
    tableOf(
      ["a", "name"],
      [
        ["one", "\u001b[31mRed\u001b[0m"],
        ["é", "Bell\u0007\nline"],
      ],
    ),
    "a    name\none  Red\né    Bell  line",
  );
});
