import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type * as contract from "./contract.ts";

const progressIn = (figures: string) => `
  select json_build_object('tasks', f.tasks, 'tasks_done', f.tasks_done, 'progress_percentage', f.progress_percentage)
  from ${figures} f where f.organization_id = $1 and f.project_id = $2`;
const OF_MEMBERS = progressIn("projects.project_figures");
const OF_CLIENTS = progressIn("projects.customer_progress");

/** How far a project is, as JSON; clients see their customers' projects. Throws not_found. */
export async function readProgress(
  context: Context,
  { params }: InputOf<typeof contract.readProgress>,
): Promise<JsonText> {
  const text = context.role === "client" ? OF_CLIENTS : OF_MEMBERS;
  return askJson(context, text, [context.organization.id, params.project]);
}
