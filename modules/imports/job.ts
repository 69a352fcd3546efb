import { Problem } from "../../kernel/errors.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { TaskFailure } from "../../kernel/work.ts";
import { findFile, readFile } from "../tasks/public.ts";
import type { Format } from "./contract.ts";

/** The type of the task that does imports, and of the files that it reads. */
export const IMPORT_TYPE = "imports.import_rows";

/** An import as its worker knows it. */
export type Job = {
  id: string;
  noun: string;
  format: Format;
  delimiter?: string;
  mapping: Record<string, string>;
  constants: Record<string, unknown>;
  key: string[];
  on_error: "stop" | "skip";
  state: "waiting" | "checking" | "loading" | "completed" | "failed" | "cancelled" | "undoing" | "undone";
  file_id: string;
  bytes: number;
  position: number;
  is_half: boolean;
  progress: number;
  rows_wrong: number;
  errors_total: number;
  undone_before: number | null;
};

const READ_JOB = `
  select json_build_object('id', id, 'noun', noun, 'format', format, 'mapping', mapping, 'constants', constants, 'key', key_columns, 'on_error', on_error,
    'state', state, 'file_id', file_id, 'bytes', bytes, 'position', position, 'is_half', is_half, 'progress', progress, 'rows_wrong', rows_wrong,
    'errors_total', errors_total, 'undone_before', undone_before, 'delimiter', delimiter)::text
  from imports.imports where organization_id = $1 and id = $2`;

/** The import as it stands. Throws not_found. */
export async function readJob(context: Context, id: string): Promise<Job> {
  const { delimiter, ...job } = JSON.parse((await askJson(context, READ_JOB, [context.organization.id, id])).json);
  return { ...job, ...(delimiter && { delimiter }) };
}

/** The file of an import. */
export async function keptFile(context: Context, { file_id }: Pick<Job, "file_id">): Promise<AsyncIterable<Buffer>> {
  try {
    return readFile(context, await findFile(context, { id: file_id, type: IMPORT_TYPE }));
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "not_found") throw error;
    throw new TaskFailure("invalid", "The file is not there any more: files are kept for a day. Send it again.");
  }
}

/** What `imports.advance` takes: figures are added, all else is set. */
export type Advance = Partial<
  Record<
    | "position"
    | "progress"
    | "undone_before"
    | "rows_created"
    | "rows_updated"
    | "rows_wrong"
    | "rows_deleted"
    | "rows_restored"
    | "rows_kept",
    number
  >
> & { state?: Job["state"]; reason?: string; is_half?: boolean };

/** Moves the import on in the transaction; what it resolves with is done to the job once that has committed. */
export async function tellAdvance(
  tx: Transaction,
  job: Job,
  done: Advance,
  errors: readonly object[] = [],
): Promise<() => void> {
  const { id, state, position, is_half } = job;
  const values = [id, state, position, is_half, JSON.stringify(done), JSON.stringify(errors)];
  await tx.query("select imports.advance($1, $2, $3, $4, $5, $6)", values);
  return () => {
    const { rows_wrong = 0, ...rest } = done;
    job.rows_wrong += rows_wrong;
    job.errors_total += job.state === "undoing" ? 0 : errors.length;
    Object.assign(job, { is_half: false }, rest);
  };
}

/** Moves the import on by itself. */
export async function advance(
  { job, worker }: { job: Job; worker: Context },
  done: Advance,
  errors: readonly object[] = [],
) {
  const apply = await transaction(worker, (tx) => tellAdvance(tx, job, done, errors));
  apply();
}
