import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { Problem } from "../../kernel/errors.ts";
import { LINE_BYTES_MAX } from "../../kernel/import/limits.ts";
import { type RowsRead as Read, readNamedRows, textOf } from "../../kernel/import/named-rows.ts";
import { faultOfText } from "../../kernel/import/text.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { GOLD_FILE_BYTES_MAX, GOLD_ROWS_MAX, type GoldResult, INPUT_BYTES_MAX, type RowFormat } from "./contract.ts";
import { readLabel } from "./labels.ts";

const LIMITS = { fileBytes: GOLD_FILE_BYTES_MAX, lineBytes: LINE_BYTES_MAX, rows: GOLD_ROWS_MAX };
const ROWS_A_STATEMENT = 5_000;
const COLUMNS = ["input", "answer"] as const;

/** An item and its gold answer. */
type GoldRow = { input: string; answer: string };

const INSERT_DATASET = `
  insert into datasets.datasets (organization_id, name, task_type) values ($1, $2, 'text_classification') returning id`;
const INSERT_VERSION =
  "insert into datasets.versions (organization_id, dataset_id, number) values ($1, $2, 1) returning id";
const INSERT_ROWS = `
  with given as materialized (
      select kernel.uuid_v7() as id, r.* from jsonb_to_recordset($4) as r (position bigint, input text, answer text)),
    made as (
      insert into datasets.dataset_items (organization_id, id, dataset_id, position, input)
      select $1, id, $2, position, input from given)
  insert into datasets.dataset_answers (organization_id, dataset_id, version_id, item_id, answer)
    select $1, $2, $3, id, to_jsonb(answer) from given`;
const PUBLISH = `
  update datasets.versions set status = 'published', last_position = $3, published_at = now(), content_hash = $4
  where organization_id = $1 and id = $2`;

/**
 * Makes a dataset of a file and publishes its first version: all rows, or none when one is bad. A dry run only reads. Answers are read by the
 * steward's role alone, and are in nothing that this resolves with. Throws forbidden.
 */
export async function uploadGold(
  context: Context,
  { name, format, dry_run, body }: { name: string; format: RowFormat; dry_run: boolean; body: Readable },
): Promise<GoldResult> {
  const { gold, read } = await readGold(body.iterator({ destroyOnReturn: false }), format);
  const { rows, errors, errorsTotal: errors_total } = read;
  const labels = new Set(gold.map(({ answer }) => answer)).size;
  const found = { dry_run, rows, errors, errors_total, labels, dataset: null };
  if (dry_run || errors_total > 0) return found;
  const made = await transaction(asSteward(context), (tx) => insertGold(tx, context.organization.id, name, gold));
  return { ...found, dataset: { ...made, name, items: gold.length } };
}

/** Whoever is let in for the whole organization may be let in to gold answers; nobody else. */
function asSteward(context: Context): Context {
  if (context.role !== "member") throw new Problem("forbidden");
  return { ...context, role: "steward" };
}

async function readGold(body: AsyncIterable<Buffer>, format: RowFormat): Promise<{ gold: GoldRow[]; read: Read }> {
  const gold: GoldRow[] = [];
  const read = await readNamedRows(body, format, LIMITS, {
    faultOfColumns: (names) =>
      COLUMNS.every((name) => names.includes(name))
        ? undefined
        : 'The first line must name the columns "input" and "answer".',
    row: (_, cell, refuse) => {
      const input = textOf(cell("input"));
      const answer = readLabel(cell("answer"), "answer");
      const fault =
        input === undefined ? "There is no input. It must be a text." : faultOfText(input, "input", INPUT_BYTES_MAX);
      if (fault) refuse("input", fault);
      if ("fault" in answer) refuse("answer", answer.fault);
      else if (input !== undefined) gold.push({ input, answer: answer.label });
    },
  });
  return { gold, read };
}

async function insertGold(
  tx: Transaction,
  organization: string,
  name: string,
  gold: readonly GoldRow[],
): Promise<{ id: string; version_id: string }> {
  // How foreign keys are checked may have been planned when the tables were all but empty.
  await tx.query("discard plans");
  const id = await idOf(tx, INSERT_DATASET, [organization, name]);
  const version_id = await idOf(tx, INSERT_VERSION, [organization, id]);
  const hash = createHash("sha256");
  for (let start = 0; start < gold.length; start += ROWS_A_STATEMENT) {
    const rows = gold
      .slice(start, start + ROWS_A_STATEMENT)
      .map((row, index) => ({ position: start + index + 1, ...row }));
    for (const { input } of rows) hash.update(`${JSON.stringify(input)}\n`);
    await tx.query(INSERT_ROWS, [organization, id, version_id, JSON.stringify(rows)]);
  }
  await tx.query(PUBLISH, [organization, version_id, gold.length, hash.digest()]);
  return { id, version_id };
}

async function idOf(tx: Transaction, text: string, values: readonly unknown[]): Promise<string> {
  const [row] = await tx.query<{ id: string }>(text, values);
  if (!row) throw new Error("A row was inserted and has no id.");
  return row.id;
}
