import type { Readable } from "node:stream";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { wishOf } from "../tasks/public.ts";
import type { SubmissionResult } from "./contract.ts";
import { type ItemKey, type Predictions, readPredictions } from "./predictions.ts";
import { CHUNK_ITEMS, scoringKind } from "./scoring.ts";

/** What the caller has handed in to a benchmark. Throws not_found. */
export function listSubmissions(
  context: Context,
  { benchmark, cursor, limit }: { benchmark: string; cursor?: string | undefined; limit: number },
): Promise<JsonText> {
  const text = "select evaluation.list_submissions($1, $2, $3)::text";
  return askJson(context, text, [benchmark, cursor ?? null, limit]);
}

/** A submission of the caller's. Throws not_found. */
export function readSubmission(context: Context, { submission }: { submission: string }): Promise<JsonText> {
  return askJson(context, "select evaluation.read_submission($1)::text", [submission]);
}

type Given = { benchmark: string; name: string; format: "csv" | "jsonl"; dry_run: boolean; body: Readable };

/**
 * Takes predictions in and has them scored: all rows, or none when one is bad. A dry run only reads. Throws not_found, conflict where
 * the caller takes no part, the benchmark is not open, or a quota is used up.
 */
export async function submitPredictions(context: Context, given: Given): Promise<SubmissionResult> {
  const keys = await readKeys(context, given.benchmark);
  const body = given.body.iterator({ destroyOnReturn: false });
  const { read, labels, predicted } = await readPredictions(body, given.format, keys);
  const { rows, errors, errorsTotal: errors_total } = read;
  const missing = keys.length - predicted;
  const found = { dry_run: given.dry_run, rows, errors, errors_total, predicted, missing, submission: null };
  if (given.dry_run || errors_total > 0) return found;
  const submission = await transaction(context, (tx) => handIn(tx, given, { keys, labels, predicted }));
  context.services.wakeWorkers();
  return { ...found, submission: JSON.parse((await readSubmission(context, { submission })).json) };
}

async function readKeys(context: Context, benchmark: string): Promise<ItemKey[]> {
  const keys: ItemKey[] = [];
  for (;;) {
    const values = [benchmark, keys.at(-1)?.[0] ?? 0, CHUNK_ITEMS];
    const { json } = await askJson(context, "select evaluation.item_keys($1, $2, $3)::text", values);
    const page = JSON.parse(json) as ItemKey[];
    keys.push(...page);
    if (page.length < CHUNK_ITEMS) break;
  }
  // Gold answers are found by their items' ids, so that is the order in which scoring walks through both.
  return keys.sort(([, a], [, b]) => (a < b ? -1 : 1));
}

async function handIn(
  tx: Transaction,
  { benchmark, name }: Given,
  { keys, labels, predicted }: { keys: readonly ItemKey[]; labels: Predictions["labels"]; predicted: number },
): Promise<string> {
  const [made] = await tx.query<{ id: string }>("select evaluation.hand_in($1, $2, $3) as id", [
    benchmark,
    name,
    predicted,
  ]);
  if (!made) throw new Error("A submission was begun and has no id.");
  // A piece of them and a piece of the gold answers are all that scoring holds.
  for (let start = 0; start < keys.length; start += CHUNK_ITEMS) {
    const pairs = keys.slice(start, start + CHUNK_ITEMS).flatMap(([, id], index) => {
      const label = labels[start + index];
      return label === undefined ? [] : [[id, label]];
    });
    const place = start / CHUNK_ITEMS + 1;
    if (pairs.length > 0)
      await tx.query("select evaluation.add_predictions($1, $2, $3)", [made.id, place, JSON.stringify(pairs)]);
  }
  const wish = wishOf(scoringKind, { name: "Score predictions", input: { submission: made.id } });
  await tx.query("select evaluation.queue_scoring($1, $2)", [made.id, JSON.stringify(wish)]);
  return made.id;
}
