import type { Permission } from "../kernel/database/types.gen.ts";
import type { JsonText } from "../kernel/http/route.ts";
import type { Context, EnteringRole } from "../kernel/tenancy/context.ts";
import type { SessionCredential } from "../kernel/tenancy/credential.ts";
import type { Caller } from "../kernel/tenancy/gate.ts";
import type { Assignment } from "../modules/labeling/contract.ts";
import { submitLabel } from "../modules/labeling/labels.ts";
import { createProject } from "../modules/labeling/projects.ts";
import { listReviews, reviewLabel } from "../modules/labeling/reviews.ts";
import { claimNext, insertTexts } from "../modules/labeling/tasks.ts";
import type { CastRole } from "./scene.ts";
import { TEXTS } from "./words/texts.ts";

const LABELS = ["Delivery", "Returns", "Billing", "Product question", "Praise", "Other"];
const LABELED = 24;
const APPROVED = 15;
const REASONS = [
  "This one asks for the money back, so it is about a return.",
  "Read it again: the question is about the product itself.",
];

/** Who does what in the demo, by the verbs that people use. */
export type Cast = {
  caller: Caller;
  organization: { id: string; slug: string };
  credentials: Map<CastRole, SessionCredential>;
};

/** How one of the cast asks for something. */
export function contextAs(
  { caller: { database, services, request }, organization, credentials }: Cast,
  who: CastRole,
  permission: Permission,
  operation: string,
  role: EnteringRole = "member",
): Context {
  const credential = credentialOf(credentials, who);
  return { database, services, role, credential, organization, permission, operation, request };
}

/** Makes the labeling project "Mails to the shop" by the verbs that people use: labeled, approved, sent back and waiting texts. */
export async function makeProject(cast: Cast): Promise<void> {
  const as = contextAs.bind(undefined, cast);
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

/** Reviews the labels that wait longest, so many of them. */
export async function reviewSome(context: Context, project: string, count = APPROVED): Promise<void> {
  const { items } = read<{ items: { id: string; text: string; label: string }[] }>(
    await listReviews(context, { project }),
  );
  for (const [index, { id, text, label }] of items.slice(0, count).entries()) {
    const isRight = TEXTS.some((example) => example.text === text && example.label === label);
    const decision = isRight
      ? { decision: "approved" as const }
      : { decision: "rejected" as const, reason: REASONS[index % REASONS.length] ?? "" };
    await reviewLabel(context, { label: id, ...decision });
  }
}

/** The session of one of the cast. */
export function credentialOf(credentials: Map<CastRole, SessionCredential>, who: CastRole): SessionCredential {
  const credential = credentials.get(who);
  if (!credential) throw new Error(`The demo's ${who} could not sign in.`);
  return credential;
}

function read<T>({ json }: JsonText): T {
  return JSON.parse(json) as T;
}
