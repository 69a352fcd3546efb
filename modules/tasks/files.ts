import { Problem } from "../../kernel/errors.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { callOutside, queryText, type Transaction } from "../../kernel/tenancy/transaction.ts";
import type { Work } from "../../kernel/work.ts";

/** The longest file that a task reads or writes. */
const FILE_BYTES_MAX = 100_000_000;
const CHUNK_BYTES = 500_000;

const REMOVE_EVERY_SECONDS = 3600;
const REMOVED_AT_ONCE = 20;

/** What is to be stored; `type` is that of the task that reads or writes it. */
export type NewFile = { type: string; name: string; mediaType: string };

/** A file that is there whole. */
export type StoredFile = { id: string; name: string; media_type: string; bytes: number; outcome: unknown };

const INSERT_FILE = `
  insert into tasks.files (organization_id, type, name, media_type) values ($1, $2, $3, $4) returning to_json(id)::text`;
const INSERT_CHUNK =
  "insert into tasks.file_chunks (organization_id, file_id, position, bytes) values ($1, $2, $3, $4)";
const READ_FILE = `
  select json_build_object('id', id, 'name', name, 'media_type', media_type, 'bytes', bytes, 'outcome', outcome)::text
  from tasks.files where organization_id = $1 and id = $2 and type = $3 and bytes is not null`;
const READ_CHUNK =
  "select encode(bytes, 'base64') from tasks.file_chunks where organization_id = $1 and file_id = $2 and position = $3";

/**
 * Stores a file, piece by piece, each in a transaction of its own: a slow sender holds no connection. Resolves with its id and length
 * in bytes. Throws too_large beyond 100 MB; nothing of it is left then, as when `body` fails.
 */
export async function storeFile(
  context: Context,
  { type, name, mediaType }: NewFile,
  body: AsyncIterable<Buffer | string>,
  bytesMax = FILE_BYTES_MAX,
): Promise<{ id: string; bytes: number }> {
  const organization = context.organization.id;
  const { json } = await askJson(context, INSERT_FILE, [organization, type, name, mediaType]);
  const id = JSON.parse(json) as string;
  let [bytes, position] = [0, 0];
  try {
    for await (const chunk of chunksOf(body)) {
      bytes += chunk.length;
      if (bytes > bytesMax)
        throw new Problem("too_large", {
          detail: `The file has more than ${bytesMax / 1_000_000} MB.`,
          hint: "Split it into several files.",
        });
      await tell(context, INSERT_CHUNK, [organization, id, position++, chunk]);
    }
    await tell(context, "update tasks.files set bytes = $3 where organization_id = $1 and id = $2", [
      organization,
      id,
      bytes,
    ]);
  } catch (error) {
    // Where this fails too, it goes with what is old.
    const { signal: _, ...lasting } = context;
    await tell(lasting, "delete from tasks.files where organization_id = $1 and id = $2", [organization, id]).catch(
      () => undefined,
    );
    throw error;
  }
  return { id, bytes };
}

/** A file of a type that is there whole. Throws not_found. */
export async function findFile(context: Context, { id, type }: { id: string; type: string }): Promise<StoredFile> {
  const { json } = await askJson(context, READ_FILE, [context.organization.id, id, type]);
  return JSON.parse(json) as StoredFile;
}

/** The bytes of a file. Each piece is read in a transaction of its own: who loses the permission meanwhile gets no more. */
export async function* readFile(context: Context, { id }: Pick<StoredFile, "id">): AsyncGenerator<Buffer> {
  for (let position = 0; ; position++) {
    const values = [context.organization.id, id, position];
    const text = await queryText(context, { text: READ_CHUNK, values, fixed: true });
    if (text === null) return;
    yield Buffer.from(text, "base64");
  }
}

/**
 * Notes within a transaction what comes of taking a file in. Resolves with false when that was noted before: then somebody has
 * taken it in already, and this transaction must not.
 */
export async function noteOutcome(
  tx: Transaction,
  { organization }: Pick<Context, "organization">,
  { id, outcome }: { id: string; outcome: object },
): Promise<boolean> {
  const rows = await tx.query(
    "update tasks.files set outcome = $3 where organization_id = $1 and id = $2 and outcome is null returning id",
    [organization.id, id, JSON.stringify(outcome)],
  );
  return rows.length > 0;
}

/** Removes a file that is not needed any more, if it is there. */
export async function removeFile(context: Context, id: string): Promise<undefined> {
  return tell(context, "delete from tasks.files where organization_id = $1 and id = $2", [context.organization.id, id]);
}

/** Removes the files of more than a day ago. */
export const fileRetention: Work = {
  name: "tasks.files",
  everySeconds: REMOVE_EVERY_SECONDS,
  run: async ({ database, signal }) => {
    let removed = REMOVED_AT_ONCE;
    while (removed === REMOVED_AT_ONCE && !signal.aborted) {
      const statement = "select tasks.remove_old_files($1) as removed";
      const [row] = await callOutside<{ removed: number }>(database, "dispatcher", statement, [REMOVED_AT_ONCE]);
      removed = row?.removed ?? 0;
    }
  },
};

/** The same bytes in pieces that a row can carry. */
async function* chunksOf(body: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    held.push(bytes);
    length += bytes.length;
    if (length < CHUNK_BYTES) continue;
    const all = Buffer.concat(held);
    const whole = length - (length % CHUNK_BYTES);
    for (let start = 0; start < whole; start += CHUNK_BYTES) yield all.subarray(start, start + CHUNK_BYTES);
    held = [all.subarray(whole)];
    length -= whole;
  }
  if (length > 0) yield Buffer.concat(held);
}
