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

/** A mail that this process may send until its lease is over; `attempt` counts from 1. */
export type ClaimedMail = QueuedMail & { attempt: number };

/** What became of a mail. */
export type Outcome = { outcome: "sent" } | { outcome: "retry" | "failed"; error: string };

const REMOVED_AT_ONCE = 1_000;

/** Takes up to `batch` mails that are due, for so many seconds. */
export async function claimMails(database: Database, batch: number, leaseSeconds: number): Promise<ClaimedMail[]> {
  return callOutside<ClaimedMail>(
    database,
    "dispatcher",
    `select id, recipient, template, data, sealed_token, attempt, to_json(created_at) #>> '{}' as created_at
     from kernel.claim_mails($1, make_interval(secs => $2))`,
    [batch, leaseSeconds],
  );
}

/** Writes down what became of a claimed mail. */
export async function settleMail(database: Database, { id, attempt }: ClaimedMail, result: Outcome): Promise<void> {
  const error = result.outcome === "sent" ? null : result.error.toWellFormed().replaceAll("\0", "");
  const values = [id, attempt, result.outcome, error];
  await callOutside(database, "dispatcher", "select kernel.settle_mail($1, $2, $3, $4)", values);
}

/** Keeps what would be sent, where there is no server to send it. */
export async function keepMails(database: Database): Promise<void> {
  await callOutside(database, "dispatcher", "select kernel.keep_mails()");
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
