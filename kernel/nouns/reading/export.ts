import type { Download } from "../../http/route.ts";
import type { Context } from "../../tenancy/context.ts";
import { copyOut } from "../../tenancy/copy.ts";
import { quoted } from "../columns.ts";
import { mayRead } from "../held.ts";
import type { Noun } from "../noun.ts";
import { asText } from "./filters.ts";
import type { ListQuery } from "./list-query.ts";
import { literalScope, type Scope } from "./scope.ts";
import { matchingRows, shownColumns, shownRow } from "./statement.ts";

/** How rows travel when they are not a page of JSON. */
export type ExportFormat = "csv" | "ndjson";

/** The media types that a list answers in beside JSON. */
export const EXPORT_MEDIA = ["text/csv", "application/x-ndjson"] as const;

const EXPORT_TYPES: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
};

/** The format that `Accept` wants most, of those that are one; JSON where it is all the same. */
export function exportFormat(accept: string | undefined): ExportFormat | undefined {
  if (accept === undefined || !/csv|ndjson/.test(accept)) return undefined;
  const [wanted] = accept
    .split(",")
    .map((part) => {
      const [type = "", ...parameters] = part.split(";").map((word) => word.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
      return { format: FORMATS[type], weight: Number(weight) };
    })
    .filter(({ format, weight }) => format !== undefined && weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return wanted?.format === "json" ? undefined : wanted?.format;
}

const FORMATS: Record<string, ExportFormat | "json" | undefined> = {
  "application/json": "json",
  "*/*": "json",
  "text/csv": "csv",
  "application/x-ndjson": "ndjson",
};

/**
 * Every row that matches, in the order of the list, as PostgreSQL copies it out: no row is ever held here. In CSV a text that a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
export async function exportRows(
  context: Context,
  noun: Noun,
  query: ListQuery,
  format: ExportFormat,
): Promise<Download> {
  const scope = literalScope(noun, context.role, context.organization.id);
  const rows = matchingRows({ ...query, cursor: undefined }, scope);
  const text = format === "csv" ? copyCsv(rows, query, scope) : copyLines(rows, query, scope);
  const fileName = `${noun.path.split("/").at(-1)}-of-${context.organization.slug}.${format}`;
  return {
    stream: await copyOut(context, text, mayRead(query.embed.map(({ noun: embedded }) => embedded))),
    mediaType: EXPORT_TYPES[format],
    fileName,
  };
}

/** JSON text holds no control characters, so as CSV between these nothing in it is quoted. */
function copyLines(rows: string, query: ListQuery, scope: Scope): string {
  const lines = `select row_to_json(r)::text from (${rows}) t cross join lateral (select ${shownRow(query, scope)}) r`;
  return `copy (${lines}) to stdout (format csv, quote E'\\x01', delimiter E'\\x02')`;
}

function copyCsv(rows: string, query: ListQuery, scope: Scope): string {
  const cells = shownColumns(query, scope).map((name) => cellOf(name, scope));
  const embedded = query.embed.length > 0 ? ["r.embedded"] : [];
  const joined = embedded.length > 0 ? ` cross join lateral (select ${shownRow(query, scope)}) r` : "";
  return `copy (select ${[...cells, ...embedded].join(", ")} from (${rows}) t${joined}) to stdout (format csv, header)`;
}

const FORMULA_BEGINNINGS = "=+-@\t\r＝＋－＠";
/** By its number a first character is compared sooner than as a text. */
const codesOf = (characters: string) => [...characters].map((one) => one.codePointAt(0)).join(", ");

/** A column in CSV: times and lists as JSON writes them, as imports read them again, and texts so that no spreadsheet computes them. */
function cellOf(name: string, { noun }: Scope): string {
  const column = noun.columns[name];
  const cell = `t.${quoted(name)}`;
  if (column?.kind === "timestamp") return `replace(to_json(${cell})::text, '"', '') as ${quoted(name)}`;
  if (column?.kind === "texts") return `to_json(${cell}) as ${quoted(name)}`;
  if (!column || column.values || (column.kind !== "text" && column.kind !== "other")) return cell;
  const text = asText(cell, column);
  // A text that begins so by itself gets another apostrophe, and loses it when it is read again.
  const mayCompute = `ascii(${text}) in (${codesOf(`'${FORMULA_BEGINNINGS}`)}) and ascii(ltrim(${text}, '''')) in (${codesOf(FORMULA_BEGINNINGS)})`;
  return `case when ${mayCompute} then '''' || ${text} else ${text} end as ${quoted(name)}`;
}
