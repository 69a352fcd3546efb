import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import type { NewProject } from "./contract.ts";
import { askJson, refusing } from "./refusals.ts";

const INSERT_PROJECT = `
  with project as (
    insert into projects.projects (organization_id, kind, name) values ($1, 'labeling', $2) returning id
  ), dataset as (
    insert into datasets.datasets (organization_id, project_id, name) select $1, id, $2 from project returning id
  ), configuration as (
    insert into labeling.configurations (organization_id, project_id, dataset_id, instructions)
    select $1, project.id, dataset.id, $3 from project cross join dataset
  ), choices as (
    insert into labeling.choices (organization_id, project_id, position, name, key)
    select $1, project.id, choice.position, choice.name, choice.key
    from project cross join unnest($4::text[], $5::text[]) with ordinality as choice (name, key, position)
  )
  select id from project`;

/** Creates a labeling project with its label set and an empty dataset. Resolves with a `Project` as JSON. */
export async function createProject(context: Context, { name, instructions, labels }: NewProject): Promise<JsonText> {
  const names = labels.map((label) => label.name);
  const keys = labels.map((label) => label.key ?? null);
  return refusing(() =>
    transaction(context, async (tx) => {
      const values = [context.organization.id, name, instructions, names, keys];
      const [project] = await tx.query<{ id: string }>(INSERT_PROJECT, values);
      const [row] = await tx.query<{ json: string }>("select labeling.read_project($1) as json", [project?.id]);
      if (!row) throw new Error("The database made no project and said nothing.");
      return row;
    }),
  );
}

/** The organization's labeling projects, newest first, at most 200: `{ items: Project[] }` as JSON. */
export async function listProjects(context: Context): Promise<JsonText> {
  return askJson(context, "select labeling.list_projects()", []);
}

/** One labeling project with its figures: `Project` as JSON. Throws not_found. */
export async function readProject(context: Context, { project }: { project: string }): Promise<JsonText> {
  return askJson(context, "select labeling.read_project($1)", [project]);
}

const READ_NAME = `
  select json_build_object('name', p.name)
  from projects.projects p join labeling.configurations c on c.organization_id = p.organization_id and c.project_id = p.id
  where p.organization_id = $1 and p.id = $2`;

/** The name of a labeling project. Throws not_found. */
export async function readProjectName(context: Context, { project }: { project: string }): Promise<string> {
  const { json } = await askJson(context, READ_NAME, [context.organization.id, project]);
  const { name } = JSON.parse(json) as { name?: string };
  if (name === undefined) throw new Problem("not_found");
  return name;
}
