import { accessSection, auditSection, policySection, triggerSection } from "./markdown-access.ts";
import { constraintSection, indexSection, partitionSection, stateSection, typeSection } from "./markdown-details.ts";
import { codeBlock, nameIn, tableOf, textOf } from "./markdown-text.ts";
import type { DataModel, DescribedTable, Part } from "./model.ts";
import { shortType } from "./type-names.ts";

type Column = DescribedTable["columns"][number];

/** The document for people, in Markdown with Mermaid diagrams. */
export function writeMarkdown(model: DataModel): string {
  const isDivided = model.parts.length > 1;
  const blocks = [
    `# Data Model: ${textOf(model.title)}`,
    [
      `**Database**: ${model.database}`,
      `**ORM**: ${model.orm ?? "–"}`,
      `**Date**: ${model.date}`,
      `**Spec Reference**: ${textOf(model.spec ?? "–")}`,
    ].join("  \n"),
    "---",
    ...warningSection(model),
    ...model.parts.flatMap((part) =>
      isDivided ? [`## ${textOf(part.title)}`, ...writePart(part, "###")] : writePart(part, "##"),
    ),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function warningSection({ warnings }: DataModel): string[] {
  if (warnings.length === 0) return [];
  const rows = warnings.map(({ table, problem, advice }) => [table, problem, advice]);
  return ["## Warnings", tableOf(["Table", "What is wrong", "What to do"], rows)];
}

function writePart(part: Part, level: string): string[] {
  if (part.tables.length === 0) return ["There are no tables."];
  return [
    `${level} Entity Relationship Diagram`,
    ...part.diagrams.map((diagram) => codeBlock("mermaid", diagram)),
    `${level} Entity Definitions`,
    ...part.tables.flatMap((table) => writeEntity(part, table, level)),
    ...indexSection(part, level),
    ...constraintSection(part, level),
    ...stateSection(part, level),
    ...policySection(part, level),
    ...accessSection(part, level),
    ...triggerSection(part, level),
    ...auditSection(part, level),
    ...partitionSection(part, level),
    ...typeSection(part, level),
  ];
}

function writeEntity(part: Part, table: DescribedTable, level: string): string[] {
  const name = textOf(nameIn(part, table));
  const kind = table.kind === "table" ? "" : ` (${table.kind})`;
  const rows = table.columns.map((column) => [
    column.name,
    [typeOf(column), (table.keys[column.name] ?? []).join(", ")].filter((text) => text !== "").join(" "),
    column.nullable ? "Yes" : "No",
    defaultOf(column),
    column.comment ?? referenceOf(table, column),
  ]);
  return [
    `${level}# ${table.isSensitive ? "⚠️ " : ""}${name}${kind}`,
    ...(table.description ? [textOf(table.description)] : []),
    ...(rows.length > 0 ? [tableOf(["Column", "Type", "Nullable", "Default", "Description"], rows)] : []),
    ...(table.isSensitive ? [securityLine(part, table)] : []),
  ];
}

function typeOf({ type, collation }: Column): string {
  return collation ? `${shortType(type)} collate ${collation}` : shortType(type);
}

function defaultOf({ default: value, identity, generated }: Column): string {
  if (identity) return "auto";
  if (generated) return `generated: ${value}`;
  // The type stands beside it.
  return value?.replace(/^('(?:[^']|'')*')::[\w .]+$/, "$1") ?? "–";
}

function referenceOf(table: DescribedTable, { name }: Column): string {
  const key = table.constraints.find(({ kind, columns }) => kind === "foreign key" && columns.includes(name));
  if (!key?.references) return "";
  return `References ${key.references.table}.${key.references.columns[key.columns.indexOf(name)]}`;
}

/** The roles of Tenon that nobody logs in as. */
const SERVING_NOBODY = ["tenon_definer", "tenon_reader", "tenon_owner"];

function securityLine(part: Part, table: DescribedTable): string {
  const readers = Object.entries(part.access).filter(([, words]) => (words[table.id] ?? "NONE") !== "NONE");
  const serving = readers.filter(([role]) => !SERVING_NOBODY.includes(role));
  const who =
    readers.length === 0
      ? "No database role but its owner reaches it."
      : serving.length === 0
        ? "No database role that serves requests reaches it, only functions that check for themselves who asks."
        : `Only these database roles reach it: ${readers.map(([role, words]) => `${role} (${words[table.id]?.toLowerCase()})`).join(", ")}.`;
  return `⚠️ **Security**: ${table.sensitivity === "critical" ? "CRITICAL" : "high"}. ${textOf(who)}`;
}
