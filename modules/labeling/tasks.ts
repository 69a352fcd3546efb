import { hasState } from "../../kernel/database/errors.ts";
import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText, type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { askJson, refusing } from "./refusals.ts";

/** One insert takes this many texts, or characters, whichever is reached first: the connection stays usable for others' memory. */
const CHUNK_TEXTS_MAX = 5_000;
const CHUNK_LENGTH_MAX = 4_000_000;

type Target = { dataset_id: string; overlap: number };

// The dataset is locked, so that two imports at once do not give the same places.
const LOCK_TARGET = `
  select c.dataset_id, c.overlap
  from labeling.configurations c join datasets.datasets d on d.organization_id = c.organization_id and d.id = c.dataset_id
  where c.organization_id = $1 and c.project_id = $2 for no key update of d`;

const LAST_POSITION = `
  select coalesce(max(position), 0)::float8 as last from datasets.dataset_items where organization_id = $1 and dataset_id = $2`;

const INSERT_TEXTS = `
  with items as (
    insert into datasets.dataset_items (organization_id, dataset_id, position, input)
    select $1, $2, $3 + place, text from unnest($4::text[]) with ordinality as given (text, place)
    returning id, position
  )
  insert into labeling.tasks (organization_id, project_id, item_id, position, overlap)
  select $1, $5, id, position, $6 from items`;

export type TextsToInsert = {
  project: string;
  texts: readonly string[];
  /** Asked in the same transaction, where the project cannot take others': whether to go on. */
  isWanted?(tx: Transaction): Promise<boolean>;
  /** Told how many are written; none counts before all are. */
  onProgress?(count: number): void;
};

/**
 * Adds texts to a project, behind those it has, all or none. Each has 1 to 100,000 characters and no NUL. Resolves with how many.
 * Throws not_found, conflict (another import into the project takes too long).
 */
export async function insertTexts(
  context: Context,
  { project, texts, isWanted, onProgress }: TextsToInsert,
): Promise<{ imported: number }> {
  const organization = context.organization.id;
  return transaction(context, async (tx) => {
    const target = await lockTarget(tx, organization, project);
    if (isWanted && !(await isWanted(tx))) return { imported: 0 };
    const [place] = await tx.query<{ last: number }>(LAST_POSITION, [organization, target.dataset_id]);
    const first = place?.last ?? 0;
    let position = first;
    for (const chunk of chunksOf(texts)) {
      await tx.query(INSERT_TEXTS, [organization, target.dataset_id, position, chunk, project, target.overlap]);
      position += chunk.length;
      onProgress?.(position - first);
    }
    return { imported: texts.length };
  });
}

async function lockTarget(tx: Transaction, organization: string, project: string): Promise<Target> {
  try {
    const [target] = await tx.query<Target>(LOCK_TARGET, [organization, project]);
    if (target) return target;
  } catch (error) {
    if (!hasState(error, "lock_not_available")) throw error;
    throw new Problem("conflict", {
      detail: "Another import into this project is under way.",
      hint: "Try again when it has ended.",
      cause: error,
    });
  }
  throw new Problem("not_found");
}

/** The texts in their order, in pieces that one statement can carry. */
export function* chunksOf(texts: readonly string[]): Generator<string[]> {
  let chunk: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (chunk.length === CHUNK_TEXTS_MAX || (chunk.length > 0 && length + text.length > CHUNK_LENGTH_MAX)) {
      yield chunk;
      chunk = [];
      length = 0;
    }
    chunk.push(text);
    length += text.length;
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Gives the person the next text: one that came back to them, else the one they hold, else one that nobody holds:
 * `{ assignment: Assignment | null }` as JSON. Throws not_found.
 */
export async function claimNext(context: Context, { project }: { project: string }): Promise<JsonText> {
  return askJson(context, "select labeling.claim_next($1)", [project]);
}

/** Goes on holding a text: `{ lease_expires_at }` as JSON. Throws conflict (it went to somebody else, or is labeled), not_found. */
export async function renewLease(context: Context, { assignment }: { assignment: string }): Promise<JsonText> {
  return askJson(context, "select labeling.renew_lease($1)", [assignment]);
}

/** Gives a text back without a label. Throws conflict (it is not held any more, or is labeled), not_found. */
export async function releaseTask(context: Context, { assignment }: { assignment: string }): Promise<undefined> {
  const text = "select labeling.release_slot($1)";
  await refusing(() => queryText(context, { text, values: [assignment], fixed: true }));
}
