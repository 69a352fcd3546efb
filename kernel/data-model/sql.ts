import type { Catalog, Column, Partition, Table } from "../database/catalog/catalog.ts";
import { commentStatements } from "./sql-comments.ts";
import { leaveOut } from "./sql-leaving-out.ts";
import { inOrder, needsOf } from "./sql-order.ts";
import { alterTable, literal, quoted } from "./sql-text.ts";

/**
 * The statements that make the tables, with all that they need, in an empty database. What needs a table that is not among
 * them is left out, with a line that says so. Rows and owners are not made.
 */
export function writeSql(catalog: Catalog, wanted: Table[]): string {
  const { tables, leftOut } = leaveOut(catalog, wanted);
  const views = tables.filter(isView);
  const stored = tables.filter((table) => !isView(table));
  const { early, late, sequences } = needsOf(catalog, tables);
  const extensions = catalog.extensions.filter(({ name }) =>
    tables.some(({ needs }) => needs.extensions.includes(name)),
  );
  const members = [...tables, ...sequences, ...early.functions, ...late.functions, ...extensions];
  const schemas = new Set([
    ...members.map(({ schema }) => schema),
    ...early.types.map(({ id }) => schemaOf(catalog, id)),
  ]);
  const chapters: [string, string[]][] = [
    ["Left out, as it needs what is not of this domain", leftOut.map((line) => `-- ${oneLine(line)}`)],
    ["Schemas", [...schemas].sort().map((name) => `create schema if not exists ${quoted(name)};`)],
    ["Extensions", extensions.map(createExtension)],
    ["Roles", rolesOf(tables).map(createRole)],
    ["Types, and functions that tables need", early.statements],
    ["Sequences", sequences.map(({ definition }) => `${definition};`)],
    ["Tables", inOrder(stored, (table) => table.inherits).flatMap(createTable)],
    [
      "Sequences of columns",
      sequences.flatMap(({ id, ownedBy }) =>
        ownedBy && has(tables, ownedBy.table)
          ? [`alter sequence ${id} owned by ${ownedBy.table}.${quoted(ownedBy.column)};`]
          : [],
      ),
    ],
    ["Functions", late.statements],
    ["Views", inOrder(views, ({ needs }) => needs.after).map(createView)],
    ["Indexes", tables.flatMap(({ indexes }) => indexes.filter((i) => !i.ofConstraint).map((i) => `${i.definition};`))],
    ["Foreign keys", stored.flatMap(foreignKeys)],
    ["Triggers", tables.flatMap(({ triggers }) => triggers.map(({ definition }) => `${definition};`))],
    ["Row-level security", stored.flatMap(rowSecurity)],
    ["Rights", [...schemaRights(catalog, tables), ...tables.flatMap(rights)]],
    [
      "Comments",
      commentStatements(catalog, tables, [...early.types], [...early.functions, ...late.functions], sequences),
    ],
  ];
  const text = chapters
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `-- ${title}\n\n${lines.join("\n")}`);
  return `${["set check_function_bodies = off;\nset search_path = '';", ...text].join("\n\n")}\n`;
}

function createExtension({ name, schema }: Catalog["extensions"][number]): string {
  return `create extension if not exists ${quoted(name)} with schema ${quoted(schema)};`;
}

function isView({ kind }: Table): boolean {
  return kind === "view" || kind === "materialized view";
}

function has(tables: Table[], id: string): boolean {
  return tables.some((table) => table.id === id);
}

function schemaOf({ schemas }: Catalog, id: string): string {
  return (
    schemas.find(({ name }) => id.startsWith(`${name}.`) || id.startsWith(`"${name.replaceAll('"', '""')}".`))?.name ??
    "public"
  );
}

function rolesOf(tables: Table[]): string[] {
  const names = tables.flatMap(({ grants, policies }) => [
    ...grants.map(({ role }) => role),
    ...policies.flatMap(({ roles }) => roles),
  ]);
  return [...new Set(names)].filter((name) => name !== "public").sort();
}

function createRole(name: string): string {
  return `do $$ begin if to_regrole(${literal(quoted(name))}) is null then create role ${quoted(name)}; end if; end $$;`;
}

function createTable(table: Table): string[] {
  const isOwn = (constraint: Table["constraints"][number]) =>
    constraint.kind !== "foreign key" && !constraint.inherited;
  const lines = [
    ...table.columns.map(columnOf),
    ...table.constraints.filter(isOwn).map(({ name, definition }) => `constraint ${quoted(name)} ${definition}`),
  ].map((line) => `  ${line}`);
  const inherits = table.inherits.length > 0 ? ` inherits (${table.inherits.join(", ")})` : "";
  const key = table.partitionKey ? ` partition by ${table.partitionKey}` : "";
  const options = table.options.length > 0 ? ` with (${table.options.join(", ")})` : "";
  // What stands behind a foreign table is not this database's to say.
  const note =
    table.kind === "foreign table" ? [`-- ${oneLine(table.id)} is a foreign table; here it becomes a table.`] : [];
  return [
    ...note,
    `create table ${table.id} (\n${lines.join(",\n")}\n)${inherits}${key}${options};`,
    ...table.partitions.map(createPartition),
  ];
}

function columnOf({ name, type, nullable, default: value, identity, generated, collation }: Column): string {
  return [
    quoted(name),
    type,
    collation ? `collate ${collation}` : "",
    generated ? `generated always as (${value}) ${generated}` : value ? `default ${value}` : "",
    identity ? `generated ${identity} as identity` : "",
    nullable ? "" : "not null",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function createPartition({ id, of, bounds, key, rowSecurity: security }: Partition): string {
  const made = `create table ${id} partition of ${of} ${bounds}${key ? ` partition by ${key}` : ""};`;
  return [made, ...securityOf(id, security)].join("\n");
}

function createView({ id, kind, definition, options }: Table): string {
  const settings = options.length > 0 ? ` with (${options.join(", ")})` : "";
  return `create ${kind} ${id}${settings} as\n${(definition ?? "").replace(/;\s*$/, "")};`;
}

function foreignKeys(table: Table): string[] {
  return table.constraints
    .filter(({ kind, inherited }) => kind === "foreign key" && !inherited)
    .map((constraint) => alterTable(table.id, constraint));
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

function securityOf(id: string, security: Table["rowSecurity"]): string[] {
  if (security === "off") return [];
  return [`alter table ${id} enable row level security${security === "forced" ? ", force row level security" : ""};`];
}

function rowSecurity(table: Table): string[] {
  const policies = table.policies.map(({ name, command, permissive, roles, using, check }) =>
    [
      `create policy ${quoted(name)} on ${table.id} as ${permissive ? "permissive" : "restrictive"} for ${command.toLowerCase()}`,
      ` to ${roles.map(grantee).join(", ")}`,
      using === null ? "" : `\n  using (${using})`,
      check === null ? "" : `\n  with check (${check})`,
      ";",
    ].join(""),
  );
  return [...securityOf(table.id, table.rowSecurity), ...policies];
}

function grantee(role: string): string {
  return role === "public" ? "public" : quoted(role);
}

function schemaRights({ schemas }: Catalog, tables: Table[]): string[] {
  const roles = new Set(rolesOf(tables));
  return schemas
    .filter(({ name }) => tables.some(({ schema }) => schema === name))
    .flatMap(({ name, grants }) =>
      grants
        .filter(({ role }) => roles.has(role))
        .map(({ role, privileges }) => `grant ${privileges.join(", ")} on schema ${quoted(name)} to ${grantee(role)};`),
    );
}

function rights({ id, grants }: Table): string[] {
  return grants.map(({ role, privileges, columns }) => {
    const list = columns ? ` (${columns.map(quoted).join(", ")})` : "";
    return `grant ${privileges.map((privilege) => `${privilege}${list}`).join(", ")} on ${id} to ${grantee(role)};`;
  });
}
