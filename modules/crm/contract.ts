import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

export const REASON_LENGTH_MAX = 1000;

/** How far the relation with a customer has come. */
export const Stage = z.enum(["lead", "prospect", "active", "churned"]);
export type Stage = z.infer<typeof Stage>;

/** From which stage which others can be reached; the database keeps to it. */
export const STAGE_STEPS: Record<Stage, readonly Stage[]> = {
  lead: ["prospect", "active", "churned"],
  prospect: ["lead", "active", "churned"],
  active: ["churned"],
  churned: ["lead", "prospect", "active"],
};

export const changeStage = endpoint({
  name: "crm.customer.change_stage",
  summary: "Take a customer to another stage, and say why",
  method: "POST",
  path: "/api/organizations/:organization/crm/customers/:customer/stage",
  access: "crm.customer.write",
  params: z.object({ organization: z.string(), customer: z.uuid() }),
  body: z.object({ stage: Stage, reason: z.string().trim().min(1).max(REASON_LENGTH_MAX).optional() }),
  answer: z.object({ id: z.uuid(), stage: Stage, version: z.int() }),
  example: { body: { stage: "prospect", reason: "Asked for an offer." } },
});
