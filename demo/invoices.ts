import type { JsonText } from "../kernel/http/route.ts";
import { createInvoice, issueInvoice, listUnbilled } from "../modules/billing/invoices.ts";
import { writeComment } from "../modules/labeling/comments.ts";
import { listCustomerProjects, listCustomerResults } from "../modules/labeling/customers.ts";
import { listProjects } from "../modules/labeling/projects.ts";
import { setTerms } from "../modules/labeling/terms.ts";
import { type Cast, contextAs, reviewSome } from "./mails.ts";

const TAX_RATE = 1_900;
const DUE_DAYS = 14;
/** In cents. */
const LABEL_PRICE = 9;
const APPROVED_SINCE = 5;

/**
 * Bills the customer for their completed project, by the verbs that people use; has their person ask about a label, and the reviewer
 * answer; and goes on with another project for them, of which some labels are to be billed yet.
 */
export async function makeInvoice(cast: Cast): Promise<void> {
  const as = contextAs.bind(undefined, cast);
  const unbilled = await listUnbilled(as("billing_admin", "billing.account.read", "billing.charge.browse"));
  const [first] = read<{ items: { customer: { id: string }; months: string[] }[] }>(unbilled).items;
  const [month] = first?.months ?? [];
  if (!first || !month) throw new Error("The demo has nothing to bill.");
  const wanted = { customer_id: first.customer.id, month, tax_rate: TAX_RATE };
  const draft = await createInvoice(as("billing_admin", "billing.invoice.manage", "billing.invoice.create"), wanted);
  const { id: invoice } = read<{ id: string }>(draft);
  const issuer = as("billing_admin", "billing.invoice.manage", "billing.invoice.issue");
  await issueInvoice(issuer, { invoice, due_days: DUE_DAYS });
  await talkOfLabel(cast);
  await goOn(cast, first.customer.id);
}

async function goOn(cast: Cast, customer_id: string): Promise<void> {
  const as = contextAs.bind(undefined, cast);
  const projects = await listProjects(as("admin", "labeling.project.read", "labeling.project.list"));
  const { items } = read<{ items: { id: string; name: string }[] }>(projects);
  const project = items.find(({ name }) => name === "Mails to the shop")?.id;
  if (!project) throw new Error("The demo has no project to go on with.");
  const terms = as("admin", "labeling.terms.manage", "labeling.terms.set");
  await setTerms(terms, { project, customer_id, label_price: LABEL_PRICE });
  await reviewSome(as("reviewer", "labeling.review.write", "labeling.review.decide"), project, APPROVED_SINCE);
}

async function talkOfLabel(cast: Cast): Promise<void> {
  const as = contextAs.bind(undefined, cast);
  const looking = as("client", "labeling.result.read", "labeling.customer_result.list", "client");
  const [project] = read<{ items: { id: string }[] }>(await listCustomerProjects(looking)).items;
  const results = project ? await listCustomerResults(looking, { project: project.id, limit: 2 }) : undefined;
  const label = results?.items[1]?.label_id;
  if (!label) throw new Error("The demo's customer has no approved label.");
  const client = as("client", "labeling.comment.write", "labeling.comment.write", "client");
  const content = "Does a scratch alone make it unhappy, or that nobody answered?";
  const { id: parent_id } = read<{ id: string }>(await writeComment(client, { label, content }));
  const reviewer = as("reviewer", "labeling.comment.write", "labeling.comment.write");
  await writeComment(reviewer, { label, content: "Both: two complaints in one line.", parent_id });
}

function read<T>({ json }: JsonText): T {
  return JSON.parse(json) as T;
}
