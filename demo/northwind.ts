import { randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";
import type { Database } from "../kernel/database/pool.ts";
import type { Permission } from "../kernel/database/types.gen.ts";
import type { JsonText } from "../kernel/http/route.ts";
import type { Services } from "../kernel/services.ts";
import type { Context, EnteringRole } from "../kernel/tenancy/context.ts";
import type { SessionCredential } from "../kernel/tenancy/credential.ts";
import type { Caller } from "../kernel/tenancy/gate.ts";
import { createPerson } from "../modules/identity/people.ts";
import { signIn } from "../modules/identity/sessions.ts";
import type { Assignment } from "../modules/labeling/contract.ts";
import { submitLabel } from "../modules/labeling/labels.ts";
import { createProject } from "../modules/labeling/projects.ts";
import { listReviews, reviewLabel } from "../modules/labeling/reviews.ts";
import { claimNext, insertTexts } from "../modules/labeling/tasks.ts";
import { createOrganization } from "../modules/organizations/organizations.ts";
import { TEXTS } from "./texts.ts";

/** One person per built-in role. */
const CAST = {
  owner: "Olivia Hart",
  admin: "Adam Novak",
  billing_admin: "Bella Costa",
  task_admin: "Tara Singh",
  reviewer: "Rafael Ortiz",
  labeler: "Lena Fischer",
  member: "Milan Petrov",
  moderator: "Mona Haddad",
  viewer: "Victor Lund",
  client: "Clara Jensen",
  participant: "Pavel Dvorak",
} as const;

type CastRole = keyof typeof CAST;

export type DemoPerson = { role: string; name: string; email: string; password: string };

const SLUG = "northwind-studio";
const LABELS = ["Delivery", "Returns", "Billing", "Product question", "Praise", "Other"];
const LABELED = 24;
const APPROVED = 15;
const REASONS = [
  "This one asks for the money back, so it is about a return.",
  "Read it again: the question is about the product itself.",
];

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
 * Makes the organization Northwind Studio with a person per built-in role and a labeling project half done: labeled, approved,
 * sent back and waiting texts. Resolves with the people and their passwords, which are kept nowhere else.
 */
export async function makeDemo(database: Database, services: Services, admin: pg.Client): Promise<DemoPerson[]> {
  const people = Object.entries(CAST).map(([role, name]) => ({
    role,
    name,
    email: `${role.replace("_", "-")}@northwind.example`,
    password: randomBytes(9).toString("base64url"),
  }));
  const credentials = new Map<CastRole, SessionCredential>();
  const request = { requestId: randomUUID(), agent: "tenon demo" };
  const caller: Caller = { database, services, operation: "demo.make", request };
  for (const person of people) {
    await createPerson(admin, person);
    const opening = await signIn(caller, person);
    if (opening && "credential" in opening) credentials.set(person.role as CastRole, opening.credential);
  }
  const organization = await makeOrganization(caller, admin, credentials);
  await makeProject(caller, organization, credentials);
  return people;
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

async function makeProject(
  { database, services, request }: Caller,
  organization: string,
  credentials: Map<CastRole, SessionCredential>,
): Promise<void> {
  const as = (who: CastRole, permission: Permission, operation: string, role: EnteringRole = "member"): Context => ({
    database,
    services,
    role,
    credential: credentialOf(credentials, who),
    organization: { id: organization, slug: SLUG },
    permission,
    operation,
    request,
  });
  const created = await createProject(as("task_admin", "labeling.project.manage", "labeling.project.create"), {
    name: "Mails to the shop",
    instructions: "What does the writer want? Choose one. When two fit, choose what has to be answered first.",
    labels: LABELS.map((name, index) => ({ name, key: String(index + 1) })),
  });
  const { id: project } = read<{ id: string }>(created);
  await insertTexts(as("task_admin", "labeling.project.manage", "labeling.task.import"), {
    project,
    texts: TEXTS.map(({ text }) => text),
  });
  await labelSome(as("labeler", "labeling.label.write", "labeling.label.submit", "own"), project);
  await reviewSome(as("reviewer", "labeling.review.write", "labeling.review.decide"), project);
}

/** Every sixth label is a slip, so that the reviewer has something to send back. */
async function labelSome(context: Context, project: string): Promise<void> {
  let { assignment } = read<{ assignment: Assignment | null }>(await claimNext(context, { project }));
  for (let done = 0; assignment && done < LABELED; done++) {
    const right = TEXTS.find(({ text }) => text === assignment?.text)?.label ?? "Other";
    const label = done % 6 === 5 ? "Other" : right;
    const answer = await submitLabel(context, { assignment: assignment.id, label, lead_time_ms: 2_000 + 350 * done });
    assignment = read<{ next: Assignment | null }>(answer).next;
  }
}

async function reviewSome(context: Context, project: string): Promise<void> {
  const { items } = read<{ items: { id: string; text: string; label: string }[] }>(
    await listReviews(context, { project }),
  );
  for (const [index, { id, text, label }] of items.slice(0, APPROVED).entries()) {
    const isRight = TEXTS.some((example) => example.text === text && example.label === label);
    const decision = isRight
      ? { decision: "approved" as const }
      : { decision: "rejected" as const, reason: REASONS[index % REASONS.length] ?? "" };
    await reviewLabel(context, { label: id, ...decision });
  }
}

function credentialOf(credentials: Map<CastRole, SessionCredential>, who: CastRole): SessionCredential {
  const credential = credentials.get(who);
  if (!credential) throw new Error(`The demo's ${who} could not sign in.`);
  return credential;
}

function read<T>({ json }: JsonText): T {
  return JSON.parse(json) as T;
}
