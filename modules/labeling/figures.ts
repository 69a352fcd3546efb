import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { askJson } from "./refusals.ts";

/** What has been done in a project: `Figures` as JSON. Throws not_found. */
export async function readFigures(context: Context, { project }: { project: string }): Promise<JsonText> {
  return askJson(context, "select labeling.read_figures($1)", [project]);
}
