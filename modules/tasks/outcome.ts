import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";

const READ = `
  select json_build_object('status', t.status, 'progress_percentage', t.progress_percentage, 'progress_note', t.progress_note,
    'file', t.output ->> 'file', 'name', t.output ->> 'name', 'error', t.error_details ->> 'message')::text
  from tasks.tasks t where t.organization_id = $1 and t.id = $2 and t.type = $3`;

/**
 * How far the task of a kind is that makes a file, and the file once it is there: `MadeFile` as JSON, for whoever may have the file,
 * whether or not they may see tasks. Throws not_found, for tasks of other kinds too.
 */
export async function readMadeFile(
  context: Context,
  { task, type }: { task: string; type: string },
): Promise<JsonText> {
  return askJson(context, READ, [context.organization.id, task, type]);
}
