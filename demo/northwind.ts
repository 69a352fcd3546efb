import { randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";
import type { Database } from "../kernel/database/pool.ts";
import type { Services } from "../kernel/services.ts";
import type { SessionCredential } from "../kernel/tenancy/credential.ts";
import type { Caller } from "../kernel/tenancy/gate.ts";
import { createPerson } from "../modules/identity/people.ts";
import { signIn } from "../modules/identity/sessions.ts";
import { createOrganization } from "../modules/organizations/organizations.ts";
import { makeEvents } from "./analytics.ts";
import { makeConversations } from "./assistant.ts";
import { makeBilling } from "./billing.ts";
import { makeAppointments } from "./calendar.ts";
import { makeShop } from "./commerce.ts";
import { makeContent } from "./content.ts";
import { closeFirstBooks, makeCredits } from "./credits.ts";
import { makeCustomers, makeTags } from "./crm.ts";
import { makeBenchmarks } from "./evaluation.ts";
import { makeInvoice } from "./invoices.ts";
import { makeLabeling } from "./labeling.ts";
import { credentialOf, makeProject } from "./mails.ts";
import { makeProjects } from "./projects.ts";
import { CAST, type CastRole, openScene, type Scene } from "./scene.ts";
import { makeSessions } from "./studio.ts";
import { makeTasks } from "./tasks.ts";

export type DemoPerson = { role: string; name: string; email: string; password: string };

const SLUG = "northwind-studio";

/** Whether the demo organization is there already. */
export async function demoExists(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query("select from organizations.organizations where slug = $1", [SLUG]);
  return rows.length > 0;
}

/** Whether nobody uses this installation yet. */
export async function isUnused(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query("select from identity.users limit 1");
  return rows.length === 0;
}

/**
 * Makes the organization Northwind Studio with a person per built-in role and something in every part of the product, around
 * the moment `now`: the same each time but for ids and secrets. Its first labeling project is half done, by the verbs that people
 * use; the rest is written as the database's owner. Resolves with the people and their passwords, which are kept nowhere else.
 */
export async function makeDemo(
  database: Database,
  services: Services,
  admin: pg.Client,
  now = new Date(),
): Promise<DemoPerson[]> {
  const people = Object.entries(CAST).map(([role, name]) => ({
    role,
    name,
    email: `${role.replace("_", "-")}@northwind.example`,
    password: randomBytes(9).toString("base64url"),
  }));
  const request = { requestId: randomUUID(), agent: "tenon demo" };
  const caller: Caller = { database, services, operation: "demo.make", request };
  const credentials = new Map<CastRole, SessionCredential>();
  // A connection takes one statement after the other.
  for (const person of people) await createPerson(admin, person);
  await Promise.all(
    people.map(async (person) => {
      const opening = await signIn(caller, person);
      if (opening && "credential" in opening) credentials.set(person.role as CastRole, opening.credential);
    }),
  );
  const organization = await makeOrganization(caller, admin, credentials);
  await makeProject({ caller, organization: { id: organization, slug: SLUG }, credentials });
  const ids = Object.fromEntries([...credentials].map(([role, { userId }]) => [role, userId])) as Record<
    CastRole,
    string
  >;
  const cast = { caller, organization: { id: organization, slug: SLUG }, credentials };
  await asOwner(admin, async () => {
    await closeFirstBooks(admin, organization);
    await furnish(openScene(admin, services, { organization, people: ids, now }));
  });
  await makeInvoice(cast);
  return people;
}

/** Runs `work` in one transaction as the role that owns the tables, in UTC. */
async function asOwner(admin: pg.Client, work: () => Promise<void>): Promise<void> {
  await admin.query("begin");
  try {
    await admin.query(
      `select set_config('role', pg_get_userbyid(relowner), true), set_config('search_path', '', true), set_config('TimeZone', 'UTC', true)
       from pg_class where oid = 'organizations.organizations'::regclass`,
    );
    await work();
    await admin.query("commit");
  } catch (error) {
    await admin.query("rollback");
    throw error;
  }
}

/** Puts something into every part of the product. */
async function furnish(scene: Scene): Promise<void> {
  const tags = await makeTags(scene);
  const customers = await makeCustomers(scene, tags);
  const { projects, cards } = await makeProjects(scene, customers, tags);
  await makeAppointments(scene, customers);
  const { products, orders } = await makeShop(scene, customers, tags);
  await makeContent(scene, products, tags);
  const gold = await makeLabeling(scene, customers[0]?.id);
  await makeBenchmarks(scene, gold);
  const about = { project: projects[0], customer: customers[0]?.id, task: cards[0] };
  await makeConversations(scene, about);
  await makeSessions(scene, customers, tags);
  const tasks = await makeTasks(scene, tags);
  await makeCredits(scene, tasks);
  await makeBilling(scene);
  await makeEvents(scene, { products, orders, tasks });
}

async function makeOrganization(
  caller: Caller,
  admin: pg.Client,
  credentials: Map<CastRole, SessionCredential>,
): Promise<string> {
  const credential = credentialOf(credentials, "owner");
  const { id } = await createOrganization({ ...caller, credential }, { name: "Northwind Studio", slug: SLUG });
  for (const [role, { userId }] of credentials) {
    if (role !== "owner") await admin.query("select organizations.add_member($1, $2, $3)", [id, userId, [role]]);
  }
  return id;
}
