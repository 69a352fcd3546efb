import type { Database } from "../../kernel/database/pool.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import {
  addMember,
  contextOf,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Person,
  type Tenant,
} from "../../test/harness.ts";
import type { Assignment, Figures, LabelToReview, NewProject, Project } from "./contract.ts";
import { readFigures } from "./figures.ts";
import { submitLabel } from "./labels.ts";
import { createProject } from "./projects.ts";
import { type Decision, listReviews, reviewLabel } from "./reviews.ts";
import { claimNext, insertTexts } from "./tasks.ts";

const CONNECTIONS = 60;

export const database: Database = openTestDatabase(undefined, CONNECTIONS);
export const admin = await openAdmin();

export const MOODS: NewProject = {
  name: "Moods",
  instructions: "How does it sound?",
  labels: [{ name: "glad", key: "g" }, { name: "sad", key: "s" }, { name: "neither" }],
};

/** A new person with one of the built-in roles. */
export function hire(tenant: Tenant, role: "task_admin" | "reviewer" | "labeler" | "viewer"): Promise<Person> {
  return addMember(admin, database, tenant, role);
}

/** Several new people with the same role. */
export async function hireMany(tenant: Tenant, role: "reviewer" | "labeler", count: number): Promise<Person[]> {
  const people: Person[] = [];
  while (people.length < count) people.push(await hire(tenant, role));
  return people;
}

/** How a labeler asks. */
export function asLabeler(tenant: Tenant, person: Person): Context {
  return contextOf(database, tenant, { person, role: "own", permission: "labeling.label.write" });
}

/** How a reviewer asks. */
export function asReviewer(tenant: Tenant, person: Person): Context {
  return contextOf(database, tenant, { person, permission: "labeling.review.write" });
}

/** How the owner asks, who may set projects up. */
export function asOwner(tenant: Tenant): Context {
  return contextOf(database, tenant, { permission: "labeling.project.manage" });
}

export function parse<T>({ json }: JsonText): T {
  return JSON.parse(json) as T;
}

/** A new organization with a project that has these texts, each wanted by as many people as `overlap` says. */
export async function openProject(texts: string[], overlap = 1): Promise<{ tenant: Tenant; project: string }> {
  const tenant = await createTenant(database);
  const { id } = parse<Project>(await createProject(asOwner(tenant), MOODS));
  await admin.query("update labeling.configurations set overlap = $2 where project_id = $1", [id, overlap]);
  await insertTexts(asOwner(tenant), { project: id, texts });
  return { tenant, project: id };
}

export async function claim(context: Context, project: string): Promise<Assignment | null> {
  return parse<{ assignment: Assignment | null }>(await claimNext(context, { project })).assignment;
}

/** Claims a text that has to be there. */
export async function claimSome(context: Context, project: string): Promise<Assignment> {
  const assignment = await claim(context, project);
  if (!assignment) throw new Error("There was nothing to claim.");
  return assignment;
}

export async function submit(context: Context, assignment: string, label: string): Promise<Assignment | null> {
  return parse<{ next: Assignment | null }>(await submitLabel(context, { assignment, label, lead_time_ms: 800 })).next;
}

export async function waiting(context: Context, project: string): Promise<LabelToReview[]> {
  return parse<{ items: LabelToReview[] }>(await listReviews(context, { project })).items;
}

export async function decide(context: Context, label: string, decision: Decision): Promise<void> {
  await reviewLabel(context, { label, ...decision });
}

export async function figuresOf(tenant: Tenant, project: string): Promise<Figures> {
  return parse<Figures>(await readFigures(asOwner(tenant), { project }));
}

let lastEnding: Promise<unknown> = Promise.resolve();

/** Lets the lease of an assignment run out, if it is still held. One connection does it, for one after the other. */
export async function endLease(assignment: string): Promise<void> {
  const text =
    "update labeling.assignments set lease_expires_at = now() - interval '1 second' where id = $1 and status = 'held'";
  lastEnding = lastEnding.then(() => admin.query(text, [assignment]));
  await lastEnding;
}
