import type { Download, JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { askJson } from "./refusals.ts";
import { FIRST_PLACE, PAGE_ROWS, type Place, type ResultFormat, resultsFile } from "./results.ts";

const PROJECTS_MAX = 200;
const PROJECT =
  "json_build_object('id', project_id, 'name', name, 'status', status, 'created_at', created_at, 'total', total, 'approved', approved)";

/** Where it is read: the progress of projects and their approved labels. */
type Sources = { progress: string; results: string };

/** Clients are served by a role that sees what is their customers' through these views, and nothing else. */
const OF_CLIENTS: Sources = { progress: "labeling.customer_progress", results: "labeling.customer_results" };

/** Members see of every project what its customer would. */
const OF_MEMBERS: Sources = {
  progress: `(
    select p.organization_id, p.id as project_id, p.name, p.status, p.created_at, sum(f.total)::bigint as total, sum(f.approved)::bigint as approved
    from projects.projects p join labeling.project_figures f on f.organization_id = p.organization_id and f.project_id = p.id
    group by p.organization_id, p.id)`,
  results: `(
    select a.organization_id, a.project_id, a.position, a.slot, i.input, i.input_json, l.id as label_id, c.name as label, l.submitted_at
    from labeling.assignments a
    join labeling.labels l on l.organization_id = a.organization_id and l.assignment_id = a.id
    join labeling.choices c on c.organization_id = l.organization_id and c.id = l.choice_id
    join labeling.tasks t on t.organization_id = a.organization_id and t.id = a.task_id
    join datasets.dataset_items i on i.organization_id = t.organization_id and i.id = t.item_id
    where a.status = 'approved')`,
};

const statementsOf = ({ progress, results }: Sources) => ({
  list: `
    select json_build_object('items', coalesce(json_agg(${PROJECT} order by created_at desc, project_id desc), '[]'))
    from (
      select * from ${progress} theirs where organization_id = $1 order by created_at desc, project_id desc limit ${PROJECTS_MAX}
    ) latest`,
  read: `select ${PROJECT} from ${progress} theirs where organization_id = $1 and project_id = $2`,
  results: `
    select coalesce(json_agg(json_build_object(
      'label_id', label_id, 'position', position, 'slot', slot, 'text', datasets.text_of(input, input_json), 'label', label,
      'submitted_at', submitted_at
    ) order by position, slot), '[]')
    from (
      select * from ${results} approved
      where organization_id = $1 and project_id = $2 and (position, slot) > ($3, $4) order by position, slot limit $5
    ) page`,
});

const FOR_CLIENTS = statementsOf(OF_CLIENTS);
const FOR_MEMBERS = statementsOf(OF_MEMBERS);

type Result = Place & { label_id: string; text: string; label: string; submitted_at: string };

/** What a customer is told of a result, in the order of the CSV's columns. */
const COLUMNS = ["position", "text", "label", "submitted_at"] as const;

/** The projects of the customers that one signs in for, to members all: `{ items: CustomerProject[] }` as JSON. */
export async function listCustomerProjects(context: Context): Promise<JsonText> {
  return askJson(context, statementsFor(context).list, [context.organization.id]);
}

/** One of them: `CustomerProject` as JSON. Throws not_found. */
export async function readCustomerProject(context: Context, { project }: { project: string }): Promise<JsonText> {
  return askJson(context, statementsFor(context).read, [context.organization.id, project]);
}

/** A page of its approved labels, behind the last place of the page before. Throws not_found. */
export async function listCustomerResults(
  context: Context,
  { project, cursor = "", limit }: { project: string; cursor?: string | undefined; limit: number },
) {
  await readCustomerProject(context, { project });
  const [position = 0, slot = 0] = cursor.split(".").map(Number);
  const rows = await readPage(context, project, { position, slot }, limit + 1);
  const items = rows
    .slice(0, limit)
    .map(({ label_id, position, text, label }) => ({ label_id, position, text, label }));
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items, next_cursor: last ? `${last.position}.${last.slot}` : null };
}

/** All of them as a file. Throws not_found before the first byte. */
export async function exportCustomerResults(
  context: Context,
  { project, format }: { project: string; format: ResultFormat },
): Promise<Download> {
  const { name } = JSON.parse((await readCustomerProject(context, { project })).json) as { name: string };
  return resultsFile({ name, format, columns: COLUMNS }, (place = FIRST_PLACE) =>
    readPage(context, project, place, PAGE_ROWS),
  );
}

function statementsFor({ role }: Context) {
  return role === "client" ? FOR_CLIENTS : FOR_MEMBERS;
}

async function readPage(
  context: Context,
  project: string,
  { position, slot }: Place,
  limit: number,
): Promise<Result[]> {
  const { json } = await askJson(context, statementsFor(context).results, [
    context.organization.id,
    project,
    position,
    slot,
    limit,
  ]);
  return JSON.parse(json) as Result[];
}
