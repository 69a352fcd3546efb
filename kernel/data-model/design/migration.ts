import { literal } from "../sql-text.ts";
import { accessOf } from "./access.ts";
import { type ColumnSql, fieldColumn, relationColumnSql, sentenceOf, stateColumn, titleOf } from "./columns.ts";
import { type Design, type Entity, MEMBERS, type Relation, relationColumn } from "./design.ts";
import { indexesOf, uniquesOf } from "./indexes.ts";

/**
 * Writes the migration of a design by the rules of the data: the organization comes first in every key, index and foreign
 * key, people are members, and each table is made a tenant's. Names are taken as `readDesign` let them through; texts
 * are quoted.
 */
export function designMigration(design: Design): string {
  const { module, description, entities } = design;
  const about = description === "" ? titleOf(module) : sentenceOf(description);
  const late = entities.flatMap((entity) => lateKeys(design, entity));
  return [
    `-- ${about}`,
    `call kernel.module_schema(${literal(module)});\ncomment on schema ${module} is ${literal(about)};`,
    ...entities.map((entity) => entitySql(design, entity)),
    ...(late.length > 0 ? [`-- What is named before it is there.\n${late.join("\n")}`] : []),
  ]
    .join("\n\n")
    .concat("\n");
}

function entitySql(design: Design, entity: Entity): string {
  const table = `${design.module}.${entity.name}`;
  const columns: ColumnSql[] = [
    ...entity.relations.map(relationColumnSql),
    ...entity.fields.map(fieldColumn),
    ...(entity.states ? [stateColumn(entity.states)] : []),
  ];
  const lines = [
    `organization_id uuid not null${ownsItself(design, entity) ? " references organizations.organizations on delete cascade" : ""}`,
    "id uuid not null default kernel.uuid_v7()",
    ...columns.flatMap((column) => column.lines),
    "primary key (organization_id, id)",
    ...uniquesOf(entity).map(({ name, columns: keys }) => `constraint ${name} unique (${keys.join(", ")})`),
    ...entity.relations.filter(({ to }) => !isLate(design, entity, to)).map((relation) => keyOf(design, relation)),
  ];
  const access = accessOf(entity);
  const about = entity.description === "" ? titleOf(entity.name) : sentenceOf(entity.description);
  return [
    `create table ${table} (\n${lines.map((line) => `  ${line}`).join(",\n")}\n);`,
    `comment on table ${table} is ${literal(`${about} ${access.note}Sensitivity: ${access.level}.`)};`,
    ...columns.flatMap(({ comments }) =>
      comments.map(([column, text]) => `comment on column ${table}.${column} is ${literal(text)};`),
    ),
    ...uniquesOf(entity).map(
      ({ name, purpose }) => `comment on index ${design.module}.${name} is ${literal(purpose)};`,
    ),
    `call kernel.tenant_table(${[literal(table), ...access.parameters].join(", ")});`,
    ...access.grants.map(({ rights, roles }) => `grant ${rights} on ${table} to ${roles};`),
    ...stateOrder(table, entity),
    // Behind the call, because it adds created_at.
    ...indexesOf(entity).flatMap(({ name, columns: keys, purpose }) => [
      `create index ${name} on ${table} (${keys.join(", ")});`,
      `comment on index ${design.module}.${name} is ${literal(purpose)};`,
    ]),
  ].join("\n");
}

/** What goes with another row of the design goes with the organization through it. */
function ownsItself({ entities }: Design, { name, relations }: Entity): boolean {
  return !relations.some(
    ({ to, required, on_delete }) =>
      required && on_delete === "cascade" && to !== name && entities.some((entity) => entity.name === to),
  );
}

function stateOrder(table: string, { name, states }: Entity): string[] {
  if (!states) return [];
  const called = `A row of ${name.replaceAll("_", " ")}`;
  const parts = [table, called, JSON.stringify(states.order), ...(states.field === "status" ? [] : [states.field])];
  return [`call kernel.state_order(${parts.map(literal).join(", ")});`];
}

/** Whether a relation points to an entity that is made later. */
function isLate({ entities }: Design, { name }: Entity, to: string): boolean {
  const places = [name, to].map((one) => entities.findIndex((entity) => entity.name === one));
  return (places[1] ?? 0) > (places[0] ?? 0);
}

function lateKeys(design: Design, entity: Entity): string[] {
  return entity.relations
    .filter(({ to }) => isLate(design, entity, to))
    .map((relation) => `alter table ${design.module}.${entity.name} add ${keyOf(design, relation)};`);
}

function keyOf({ module, entities }: Design, { name, to, on_delete }: Relation): string {
  const isOwn = entities.some((entity) => entity.name === to);
  const target = isOwn ? `${module}.${to}` : to === MEMBERS ? "organizations.memberships" : to;
  return `foreign key (organization_id, ${relationColumn(name)}) references ${target} on delete ${on_delete}`;
}
