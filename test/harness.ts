import { createHash, randomBytes, randomUUID } from "node:crypto";
import { after } from "node:test";
import type pg from "pg";
import { connect, type Login, withConnection } from "../kernel/database/connection.ts";
import { type Database, openDatabase } from "../kernel/database/pool.ts";
import type { RuntimeRole } from "../kernel/database/roles.ts";
import type { Permission } from "../kernel/database/types.gen.ts";
import { rolePasswords } from "../kernel/installation.ts";
import { NONE_ALLOWED } from "../kernel/outbound/addresses.ts";
import { openKeyring } from "../kernel/secrets/keyring.ts";
import { openServices, type Services } from "../kernel/services.ts";
import type { Context } from "../kernel/tenancy/context.ts";
import type { SessionCredential } from "../kernel/tenancy/credential.ts";
import type { Caller } from "../kernel/tenancy/gate.ts";
import { callOutside } from "../kernel/tenancy/transaction.ts";
import { copyDatabase, type TestServer } from "./database-server.ts";

const CONNECTIONS = 30;
/** A machine that runs several tests at once may take its time to open connections. */
const ACQUIRE_TIMEOUT_MS = 10_000;

/** The database that all tests share. */
export const testServer: TestServer = readTestServer();

const endings: (() => Promise<unknown>)[] = [];

/** Closes what was opened here. Tests do it by themselves at the end of their file; a bench asks for it. */
export async function runEndings(): Promise<void> {
  for (const ending of endings.splice(0).reverse()) await ending();
}

// Registered while the file loads: a hook registered inside another hook would run at that one's end.
if (process.env.NODE_TEST_CONTEXT) after(runEndings);

/** Does something after the file's tests, the latest first: what was opened last is closed first. */
export function atEnd(ending: () => Promise<unknown>): void {
  endings.push(ending);
}

function readTestServer(): TestServer {
  const given = process.env.TENON_TEST_DATABASE;
  if (!given) throw new Error("Tests need their database: run them by `npm test -- FILE`.");
  return JSON.parse(given) as TestServer;
}

/** Opens the pools to a database, with a budget of connections, and closes them after the file's tests. */
export function openTestDatabase(
  server: Login = testServer.admin,
  connections = CONNECTIONS,
  acquireTimeoutMs = ACQUIRE_TIMEOUT_MS,
): Database {
  const keyring = openKeyring({ dataFolder: "", key: testServer.key });
  const database = openDatabase({
    server: { host: server.host, port: server.port, database: server.database, ssl: server.ssl },
    prefix: testServer.prefix,
    passwordsOf: (role) => rolePasswords(keyring, testServer.prefix, role),
    connections,
    acquireTimeoutMs,
  });
  atEnd(() => database.close());
  return database;
}

/** Opens a superuser's connection and closes it after the file's tests. */
export async function openAdmin(server: Login = testServer.admin): Promise<pg.Client> {
  const client = await connect(server);
  atEnd(() => client.end());
  return client;
}

/** Opens a connection of a database role's own, outside of the pools, and closes it after the file's tests. */
export async function openAs(database: Database, role: RuntimeRole): Promise<pg.Client> {
  return openAdmin(database.login(role));
}

/** A fresh copy of the migrated database, for tests that break things; dropped after the file's tests. */
export async function createScratchDatabase(): Promise<Login> {
  const name = `${testServer.prefix}_${randomBytes(6).toString("hex")}`;
  const server = { ...testServer.admin, database: "postgres" };
  await withConnection(server, (client) => copyDatabase(client, testServer, name));
  atEnd(() => withConnection(server, (client) => client.query(`drop database if exists ${name} with (force)`)));
  return { ...testServer.admin, database: name };
}

/** The services of a process, on the key of the tests. A test gives its own for what it replaces. */
export function testServices(own: Partial<Services> = {}): Services {
  const keyring = openKeyring({ dataFolder: "", key: testServer.key });
  const config = {
    publicUrl: "http://tenon.test",
    dnsServers: [],
    mailServer: undefined,
    allowedAddresses: NONE_ALLOWED,
  };
  const services = openServices(keyring, config);
  // No test asks the Internet: one that needs name servers brings its own.
  const notFound = async () => Promise.reject(Object.assign(new Error("query ENOTFOUND"), { code: "ENOTFOUND" }));
  return { ...services, resolveTxt: notFound, resolveAddresses: notFound, ...own };
}

/** Someone outside of every organization. */
export function callerOf(database: Database, own: Partial<Caller> = {}): Caller {
  const request = { requestId: randomUUID(), address: "127.0.0.1", agent: "test" };
  return { database, services: testServices(), operation: "test.operation", request, ...own };
}

const admins = new Map<string, Promise<pg.Client>>();

/** A superuser's connection to the same database, shared by the file's tests. */
export function adminOf(database: Database): Promise<pg.Client> {
  const { database: name } = database.login("gate");
  const admin = admins.get(name) ?? openAdmin({ ...testServer.admin, database: name });
  admins.set(name, admin);
  return admin;
}

/** Opens a superuser's connection to a database on a server of its own, of a name that no other has: `adminOf` finds it there. */
export function openOwnAdmin(login: Login): void {
  admins.set(login.database, openAdmin(login));
}

/** A person with an open session. */
export type Person = { userId: string; email: string; credential: SessionCredential };

/** An organization and its founder. */
export type Tenant = { id: string; slug: string; owner: Person };

/** Makes a person and signs them in. The password is not derived: what is tested here begins behind it. */
export async function createPerson(database: Database): Promise<Person> {
  const email = `${randomUUID()}@example.com`;
  const hash = randomBytes(32);
  const owner = await adminOf(database);
  await owner.query("select identity.create_user($1, $2, $3, $4, 19456, 2, 1)", [
    email,
    "A Person",
    randomBytes(16),
    hash,
  ]);
  const secret = randomBytes(32).toString("base64url");
  const [session] = await callOutside<{ user_id: string; session_id: string }>(
    database,
    "gate",
    "select * from identity.sign_in_with_password($1, $2, 'browser', $3, null, $3, $3, '{}')",
    [email, hash, createHash("sha256").update(secret).digest()],
  );
  if (!session) throw new Error("The session was not opened.");
  const { user_id: userId, session_id: sessionId } = session;
  return { userId, email, credential: { kind: "session", userId, sessionId, secret } };
}

/** The process that works for a connection. */
export async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  if (!rows[0]) throw new Error("The connection has no process.");
  return rows[0].pid;
}

/** Resolves when the process waits for another one's lock. */
export async function untilBlocked(observer: pg.Client, pid: number): Promise<void> {
  const statement = "select cardinality(pg_blocking_pids($1)) > 0 as blocked";
  while (!(await observer.query<{ blocked: boolean }>(statement, [pid])).rows[0]?.blocked);
}

/** Makes an organization, with a new person as its owner. */
export async function createTenant(database: Database): Promise<Tenant> {
  const owner = await createPerson(database);
  const slug = `t-${randomUUID()}`;
  const { userId, sessionId, secret } = owner.credential;
  const [row] = await callOutside<{ id: string }>(
    database,
    "gate",
    "select organizations.create_organization($1, $2, $3, $4, $5, $6) as id",
    [
      userId,
      sessionId,
      secret,
      "Test organization",
      slug,
      JSON.stringify({ actor: "user", operation: "organizations.create" }),
    ],
  );
  if (!row) throw new Error("The organization was not made.");
  return { id: row.id, slug, owner };
}

/** Makes a new person a member with the named roles. */
export async function addMember(
  admin: pg.Client,
  database: Database,
  tenant: Tenant,
  ...roles: string[]
): Promise<Person> {
  const person = await createPerson(database);
  await admin.query("select organizations.add_member($1, $2, $3)", [tenant.id, person.userId, roles]);
  return person;
}

/** What differs from an ordinary request; a permission may be one that does not exist. */
export type ContextOverrides = Partial<Omit<Context, "permission">> & { permission?: string; person?: Person };

/** How a person asks for something in an organization. */
export function contextOf(database: Database, tenant: Tenant, overrides: ContextOverrides = {}): Context {
  const { person = tenant.owner, permission = "organization.read", ...rest } = overrides;
  return {
    database,
    services: testServices(),
    role: "member",
    credential: person.credential,
    organization: { id: tenant.id, slug: tenant.slug },
    permission: permission as Permission,
    operation: "test.operation",
    request: { requestId: randomUUID(), address: "127.0.0.1", agent: "test" },
    ...rest,
  };
}
