import type { Database } from "../database/pool.ts";
import { SecretError, unseal } from "../secrets/envelope.ts";
import type { Keyring } from "../secrets/keyring.ts";
import { callOutside } from "../tenancy/transaction.ts";

/** What the seal of a secret that travels in a mail is bound to. */
export const MAIL_TOKEN = "kernel.mails";

/** A mail as it was queued. */
export type QueuedMail = {
  id: string;
  recipient: string;
  template: string;
  data: Record<string, unknown>;
  sealed_token: Buffer | null;
  created_at: string;
};

/** A mail that this process is to send; `attempt` counts from 1. */
export type TakenMail = QueuedMail & { attempt: number };

/** What became of a mail. */
export type Outcome = { outcome: "sent" } | { outcome: "retry" | "failed"; error: string };

const REMOVED_AT_ONCE = 1_000;

/** Takes a mail to send it; undefined when it was sent already, or is given up. */
export async function takeMail(database: Database, id: string): Promise<TakenMail | undefined> {
  const [mail] = await callOutside<TakenMail>(
    database,
    "dispatcher",
    `select id, recipient, template, data, sealed_token, attempt, to_json(created_at) #>> '{}' as created_at
     from kernel.take_mail($1)`,
    [id],
  );
  return mail;
}

/** Writes down what became of a mail that was taken. Resolves with the seconds until it is to be tried again, if it is. */
export async function settleMail(
  database: Database,
  { id, attempt }: Pick<TakenMail, "id" | "attempt">,
  result: Outcome,
): Promise<number | undefined> {
  const error = result.outcome === "sent" ? null : result.error.toWellFormed().replaceAll("\0", "");
  const values = [id, attempt, result.outcome, error];
  const statement = "select kernel.settle_mail($1, $2, $3, $4) as seconds";
  const [row] = await callOutside<{ seconds: number | null }>(database, "dispatcher", statement, values);
  return row?.seconds ?? undefined;
}

/** Keeps a mail that would be sent, where there is no server to send it. */
export async function keepMail(database: Database, id: string): Promise<undefined> {
  await callOutside(database, "dispatcher", "select kernel.keep_mail($1)", [id]);
}

/** The newest mails that were not sent. */
export async function listKeptMails(database: Database, newest: number): Promise<QueuedMail[]> {
  return callOutside<QueuedMail>(
    database,
    "dispatcher",
    `select id, recipient, template, data, sealed_token, to_json(created_at) #>> '{}' as created_at
     from kernel.kept_mails($1)`,
    [newest],
  );
}

/** Removes what was done with 30 days ago, a batch at a time. */
export async function removeOldMails(database: Database, signal: AbortSignal): Promise<void> {
  let removed = REMOVED_AT_ONCE;
  while (removed === REMOVED_AT_ONCE && !signal.aborted) {
    const statement = "select kernel.remove_old_mails($1) as removed";
    const [row] = await callOutside<{ removed: number }>(database, "dispatcher", statement, [REMOVED_AT_ONCE]);
    removed = row?.removed ?? 0;
  }
}

/** The secret in a mail's link; undefined where it has none. Throws a SecretError when it cannot be opened. */
export function secretOf({ sealed_token: sealed }: QueuedMail, keyring: Keyring): string | undefined {
  return sealed ? unseal(keyring, sealed, MAIL_TOKEN).toString() : undefined;
}

/** Whether a secret will never open: it was altered, or is none. One whose key is missing may open once the key is back. */
export function isLostSecret(error: unknown): boolean {
  return error instanceof SecretError && error.code !== "unknown_key";
}
