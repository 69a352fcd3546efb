import { timeColumns } from "./markdown-details.ts";
import { nameIn, tableOf } from "./markdown-text.ts";
import type { DescribedTable, Part } from "./model.ts";

// Who may do what, and what is kept of it, as sections of the document.

export function policySection(part: Part, level: string): string[] {
  const rows = part.tables.flatMap((table) =>
    table.policies.map(({ name, command, permissive, roles, using, check }) => [
      nameIn(part, table),
      permissive ? name : `${name} (restrictive)`,
      command.toLowerCase(),
      roles.join(", "),
      using ?? "–",
      check === using ? "the same" : (check ?? "–"),
    ]),
  );
  const closed = part.tables.filter(({ rowSecurity, policies }) => rowSecurity !== "off" && policies.length === 0);
  const open = part.tables.filter(({ rowSecurity, kind }) => rowSecurity === "off" && !kind.includes("view"));
  const names = (tables: DescribedTable[]) => tables.map((table) => nameIn(part, table)).join(", ");
  const headings = ["Table", "Policy", "Command", "Roles", "Rows", "New rows"];
  return [
    `${level} Row-Level Security`,
    ...(rows.length > 0 ? [tableOf(headings, rows)] : []),
    ...(closed.length > 0
      ? [`Closed: row-level security without a policy, so only roles that bypass it read ${names(closed)}.`]
      : []),
    ...(open.length > 0 ? [`Open: no row-level security on ${names(open)}.`] : []),
  ];
}

export function accessSection(part: Part, level: string): string[] {
  const builtIn = accessTable(part, part.builtInAccess);
  const byRole = accessTable(part, part.access);
  return [
    `${level} Security Annotations`,
    ...(Object.keys(part.builtInAccess).length > 0
      ? [
          "By built-in role, the most that its requests can do with the tables themselves: what the database role that serves it may, only reading where it holds no other permission of the module, and nothing where it holds none. Each endpoint asks for a permission besides; functions that check it and run with rights of their own may do more.",
          builtIn,
          "By database role:",
        ]
      : []),
    byRole,
  ];
}

function accessTable(part: Part, access: Part["access"]): string {
  const rows = part.tables.map((table) => [
    nameIn(part, table),
    table.sensitivity === "critical" ? "CRITICAL" : (table.sensitivity ?? "–"),
    ...Object.values(access).map((words) => words[table.id] ?? "NONE"),
  ]);
  return tableOf(["Table", "Sensitivity", ...Object.keys(access)], rows);
}

export function triggerSection(part: Part, level: string): string[] {
  const rows = part.tables.flatMap((table) =>
    table.triggers.map((trigger) => [
      nameIn(part, table),
      trigger.name,
      momentOf(trigger.definition),
      trigger.comment ?? trigger.functionComment ?? trigger.function,
    ]),
  );
  return rows.length === 0 ? [] : [`${level} Triggers`, tableOf(["Table", "Trigger", "When", "What it does"], rows)];
}

/** `CREATE TRIGGER touch BEFORE UPDATE ON …` happens “before update”. */
function momentOf(definition: string): string {
  const moment = /\b(BEFORE|AFTER|INSTEAD OF) (.+?) ON /.exec(definition);
  return moment
    ? `${moment[1]} ${moment[2]}`.replace(
        /\b(?:BEFORE|AFTER|INSTEAD OF|INSERT|UPDATE|DELETE|TRUNCATE|OR|OF)\b/g,
        (word) => word.toLowerCase(),
      )
    : "–";
}

/** The record's trigger says in its second argument how much it keeps. */
function recordOf({ triggers }: DescribedTable): string {
  const recording = triggers.find(({ function: called }) => RECORDING.test(called));
  if (!recording) return "–";
  return recording.arguments[1] === "keys" ? "which rows changed" : "every change with its values";
}

const RECORDING = /^audit\.record_change\(/;

export function auditSection(part: Part, level: string): string[] {
  const tables = part.tables.filter(({ kind }) => !kind.includes("view"));
  if (tables.length === 0) return [];
  const rows = tables.map((table) => [nameIn(part, table), timeColumns(table).join(", ") || "–", recordOf(table)]);
  const isRecorded = rows.some(([, , record]) => record !== "–");
  const shown = isRecorded ? rows : rows.map((row) => row.slice(0, 2));
  return [
    `${level} Audit Trail`,
    tableOf(["Table", "Kept on the row", ...(isRecorded ? ["In the record"] : [])], shown),
  ];
}
