import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const IMPORTS = "/api/organizations/:organization/imports";
const IMPORT = `${IMPORTS}/:import`;

export const FILE_BYTES_MAX = 2_000_000_000;
export const ROWS_MAX = 5_000_000;
/** A dry run looks at so many rows. */
export const DRY_RUN_ROWS_MAX = 100_000;
export const PREVIEW_ROWS = 10;
export const ERRORS_SHOWN_MAX = 1_000;
/** Stands for a column of the file that tells where each row begins: its line. */
export const LINE_COLUMN = "#line";
const KEY_COLUMNS_MAX = 10;
const LIST_MAX = 200;

const InOrganization = z.object({ organization: z.string() });
const OfImport = InOrganization.extend({ import: z.uuid() });

const Format = z.enum(["csv", "json", "ndjson"]);
export type Format = z.infer<typeof Format>;
const Mapping = z.record(z.string().max(100), z.string().max(200));
const Constants = z.record(z.string().max(100), z.json());

/** A query parameter that holds JSON. */
function jsonOf<Shape extends z.ZodType>(shape: Shape) {
  return z
    .string()
    .max(60_000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: "It is not valid JSON." });
        return z.NEVER;
      }
    })
    .pipe(shape);
}

const ImportQuery = z.strictObject({
  noun: z.string().max(100).describe("What the rows become, such as crm.customer."),
  format: Format.optional().describe("How the file is written; otherwise its media type tells."),
  delimiter: z
    .string()
    .regex(
      /^[^\p{Letter}\p{Number}\s"\\]$|^\t$/u,
      "It is one character, and no letter, digit, quote, backslash or space.",
    )
    .optional()
    .describe("What stands between the values of CSV; otherwise the header tells."),
  mapping: jsonOf(Mapping)
    .optional()
    .describe(
      'Column → column of the file, as JSON: {"email": "E-mail"}, or "#line" for the line where a row begins. Otherwise columns are matched by their names.',
    ),
  constants: jsonOf(Constants)
    .optional()
    .describe('Column → the value that it has in every row, as JSON: {"source": "import"}.'),
  key: z
    .string()
    .max(500)
    .transform((list) => list.split(",").map((name) => name.trim()))
    .pipe(z.array(z.string().min(1)).max(KEY_COLUMNS_MAX))
    .optional()
    .describe(
      "Columns that tell rows apart, with commas between: a row that is there already is changed, not made again.",
    ),
  on_error: z
    .enum(["stop", "skip"])
    .default("stop")
    .describe("stop: nothing is taken in unless every row is right. skip: wrong rows are left out."),
});
export type ImportQuery = z.infer<typeof ImportQuery>;
const DryRunQuery = ImportQuery.extend({
  is_head: z
    .stringbool()
    .default(false)
    .describe("Whether only the beginning of the file is sent, cut off anywhere: then its last row is not looked at."),
});
export type DryRunQuery = z.infer<typeof DryRunQuery>;

const RowError = z.object({
  line: z.int().nullable().describe("Where the row begins in the file, from 1."),
  column: z.string().nullable(),
  row: z.string().nullable().describe("The key of a row that could not be undone."),
  reason: z.string(),
});

const ImportRow = z.object({
  id: z.uuid(),
  noun: z.string(),
  format: Format,
  delimiter: z.string().nullable(),
  mapping: Mapping,
  constants: Constants,
  key: z.array(z.string()),
  on_error: z.enum(["stop", "skip"]),
  state: z.enum(["waiting", "checking", "loading", "completed", "failed", "cancelled", "undoing", "undone"]),
  reason: z.string().nullable(),
  bytes: z.int(),
  progress: z.int(),
  rows: z.object({
    total: z.int(),
    created: z.int(),
    updated: z.int(),
    wrong: z.int(),
    deleted: z.int(),
    restored: z.int(),
    kept: z.int(),
  }),
  errors_total: z.int(),
  task_id: z.uuid().nullable(),
  created_by: z.uuid().nullable(),
  created_at: z.string(),
  ended_at: z.string().nullable(),
});

const DryRun = z.object({
  format: Format,
  columns: z.array(z.string()).describe("The columns of the file."),
  mapping: Mapping.describe("The one that was sent, or a proposal."),
  unused: z.array(z.string()).describe("Columns of the file that are not taken in."),
  faults: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .describe(
      "What keeps the import from beginning, by the field: mapping.email, constants.source, key. Then no row is looked at.",
    ),
  rows: z.int(),
  is_whole: z
    .boolean()
    .describe(`Whether all rows of the file were looked at: of more than ${DRY_RUN_ROWS_MAX} only the first are.`),
  wrong: z.int(),
  creates: z.int(),
  updates: z.int(),
  preview: z.array(
    z.object({
      line: z.int(),
      action: z.enum(["create", "update"]),
      values: z.record(z.string(), z.string().nullable()),
    }),
  ),
  errors: z.array(RowError),
  errors_total: z.int(),
});
export type DryRun = z.infer<typeof DryRun>;

const Target = z.object({
  noun: z.string(),
  about: z.string(),
  makes: z.boolean().describe("Whether rows can be new; else those that are there are changed, by their key."),
  columns: z.array(
    z.object({
      name: z.string(),
      about: z.string(),
      kind: z.enum([
        "uuid",
        "text",
        "boolean",
        "integer",
        "bigint",
        "number",
        "date",
        "timestamp",
        "json",
        "texts",
        "other",
      ]),
      values: z.array(z.string()).nullable().describe("The only values there are."),
      references: z.string().nullable().describe("The table whose rows it names, by their id."),
      is_key: z.boolean().describe("Whether it is of the primary key."),
      is_created: z.boolean().describe("Whether new rows may bring it."),
      is_updated: z.boolean().describe("Whether it is changed in rows that are there."),
      is_required: z.boolean().describe("Whether every new row needs it."),
    }),
  ),
});
export type Target = z.infer<typeof Target>;

const EXAMPLE = { query: { noun: "crm.customer" }, text: "name,email\nExample,example@example.com\n" };

export const listTargets = endpoint({
  name: "imports.target.list",
  summary: "List the tables that one may import into, with their columns",
  method: "GET",
  path: `${IMPORTS}/targets`,
  access: "imports.import.write",
  params: InOrganization,
  answer: z.object({ items: z.array(Target) }),
});

export const dryRunImport = endpoint({
  name: "imports.import.dry_run",
  summary: "See what an import of this file would do; without a mapping, one is proposed",
  method: "POST",
  path: `${IMPORTS}/dry-run`,
  access: "imports.import.write",
  params: InOrganization,
  query: DryRunQuery,
  bodyMedia: "stream",
  bodyTypes: ["application/json"],
  answer: DryRun,
  example: EXAMPLE,
});

export const startImport = endpoint({
  name: "imports.import.start",
  summary: "Import a file (CSV, JSON or JSON lines, at most 2 GB and 5,000,000 rows) into a table; a task does it",
  method: "POST",
  path: IMPORTS,
  access: "imports.import.write",
  params: InOrganization,
  query: ImportQuery,
  bodyMedia: "stream",
  bodyTypes: ["application/json"],
  answer: ImportRow,
  answerStatus: 201,
  example: EXAMPLE,
});

export const listImports = endpoint({
  name: "imports.import.list",
  summary: `List the imports into what one may read, newest first (at most ${LIST_MAX})`,
  method: "GET",
  path: IMPORTS,
  access: "imports.import.read",
  params: InOrganization,
  query: z.strictObject({
    noun: z.string().max(100).optional(),
    before: z.uuid().optional().describe("The last one of the page before."),
    limit: z.coerce.number().int().min(1).max(LIST_MAX).default(50),
  }),
  answer: z.object({ items: z.array(ImportRow) }),
});

export const readImport = endpoint({
  name: "imports.import.read",
  summary: `One import: where it stands, its figures, and its first ${ERRORS_SHOWN_MAX} errors`,
  method: "GET",
  path: IMPORT,
  access: "imports.import.read",
  params: OfImport,
  answer: ImportRow.extend({ errors: z.array(RowError) }),
});

export const downloadErrors = endpoint({
  name: "imports.import.errors",
  summary: "Download what was wrong with the rows, or what could not be undone (at most 100,000 of each)",
  method: "GET",
  path: `${IMPORT}/errors`,
  access: "imports.import.read",
  params: OfImport,
  query: z.strictObject({
    part: z.enum(["import", "undo"]).default("import"),
    format: z.enum(["csv", "ndjson"]).default("csv"),
  }),
  answerMedia: "stream",
  fileTypes: ["text/csv", "application/x-ndjson"],
});

export const cancelImport = endpoint({
  name: "imports.import.cancel",
  summary: "Stop an import; what it has done so far stays, or is undone",
  method: "POST",
  path: `${IMPORT}/cancel`,
  access: "imports.import.write",
  params: OfImport,
  body: z.strictObject({ undo: z.boolean().default(false) }),
  answer: ImportRow,
  example: { body: {} },
});

export const undoImport = endpoint({
  name: "imports.import.undo",
  summary:
    "Undo an import: delete the rows that it made and restore those that it changed, where nobody changed them since",
  method: "POST",
  path: `${IMPORT}/undo`,
  access: "imports.import.write",
  params: OfImport,
  answer: ImportRow,
});
