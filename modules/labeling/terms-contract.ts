import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const TERMS = "/api/organizations/:organization/labeling/projects/:project/terms";
const LABEL_PRICE_MAX = 1_000_000;

const InProject = z.object({ organization: z.string(), project: z.uuid() });

/** For whom a project is, and what they pay for a label that is approved from now on, in minor units; null where nothing is billed. */
const Terms = z.object({
  customer: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  label_price: z.int().nullable(),
  /** The currency in which the customer is billed, ISO 4217. */
  currency: z.string(),
});
export type Terms = z.infer<typeof Terms>;

export const readTerms = endpoint({
  name: "labeling.terms.read",
  summary: "For which customer a project is, and what an approved label costs",
  method: "GET",
  path: TERMS,
  access: "labeling.terms.manage",
  params: InProject,
  answer: Terms,
});

export const setTerms = endpoint({
  name: "labeling.terms.set",
  summary: "Say for which customer a project is, and what a label costs that is approved from now on",
  method: "PUT",
  path: TERMS,
  access: "labeling.terms.manage",
  params: InProject,
  body: z.object({
    customer_id: z.uuid().nullable(),
    label_price: z.int().min(0).max(LABEL_PRICE_MAX).nullable(),
  }),
  answer: Terms,
  example: { body: { customer_id: null, label_price: 12 } },
});
