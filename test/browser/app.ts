import { randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";
import { routes as allRoutes, bearers } from "../../app.ts";
import type { Login as DatabaseLogin } from "../../kernel/database/connection.ts";
import type { Database } from "../../kernel/database/pool.ts";
import { buildWeb } from "../../kernel/http/build-web.ts";
import type { Route } from "../../kernel/http/route.ts";
import { buildServer } from "../../kernel/http/server.ts";
import type { Services } from "../../kernel/services.ts";
import { createPerson } from "../../modules/identity/people.ts";
import { signIn } from "../../modules/identity/sessions.ts";
import { createOrganization } from "../../modules/organizations/organizations.ts";
import { adminOf, atEnd, callerOf, openAdmin, openTestDatabase, testServer, testServices } from "../harness.ts";
import { nounsByName } from "../http/server.ts";

/** Somebody who can sign in. */
export type Login = { name: string; email: string; password: string };

/** An organization with one person for each key. */
export type Cast<Who extends string> = { slug: string; people: Record<Who, Login> };

/** The application as its users meet it, on the database of the tests. */
export type App = {
  /** Such as `http://localhost:41234`. */
  address: string;
  /** Makes an organization with its owner and one person for each key, who has the role that stands there. */
  makeCast<Who extends string>(roles: Record<Who, string>): Promise<Cast<Who | "owner">>;
};

/** What may differ from the application as it is. */
type AppOptions = { on?: DatabaseLogin; routes?: readonly Route[]; services?: Services };

/** Builds the pages and starts the server on a free port; it stops after the file's tests. */
export async function startApp({
  on = testServer.admin,
  routes = allRoutes,
  services = testServices({ publicUrl: "", nouns: nounsByName }),
}: AppOptions = {}): Promise<App> {
  await buildWeb(() => undefined);
  const database = openTestDatabase(on);
  const admin = await openAdmin(on);
  const installation = {
    server: { kind: "external" as const, admin: on, close: async () => undefined },
    database,
  };
  const config = { logLevel: "error", trustedProxies: undefined, signInsPerMinute: 100_000 };
  const server = await buildServer(installation, services, { routes, bearers }, config);
  // By name, as passkeys belong to names and not to addresses.
  const address = (await server.listen({ host: "127.0.0.1", port: 0 })).replace("127.0.0.1", "localhost");
  services.publicUrl = address;
  atEnd(() => server.close());
  return { address, makeCast: (roles) => makeCast(database, admin, roles) };
}

async function makeCast<Who extends string>(
  database: Database,
  admin: pg.Client,
  roles: Record<Who, string>,
): Promise<Cast<Who | "owner">> {
  const slug = `t-${randomUUID()}`;
  const owner = await makePerson(database, "owner");
  const caller = callerOf(database);
  const opening = await signIn(caller, owner);
  if (!opening || "pending" in opening) throw new Error("The owner could not sign in.");
  const { id: organization } = await createOrganization({ ...caller, ...opening }, { name: "Test organization", slug });
  const people: Record<string, Login> = { owner };
  for (const [who, role] of Object.entries<string>(roles)) {
    const { id, ...person } = await makePerson(database, who);
    await admin.query("select organizations.add_member($1, $2, $3)", [organization, id, [role]]);
    people[who] = person;
  }
  return { slug, people: people as Record<Who | "owner", Login> };
}

async function makePerson(database: Database, name: string): Promise<Login & { id: string }> {
  const person = { name, email: `${randomUUID()}@example.com`, password: randomBytes(12).toString("base64url") };
  return { ...person, id: await createPerson(await adminOf(database), person) };
}
