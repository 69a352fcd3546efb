import { Problem } from "../../../kernel/errors.ts";
import { tokenForm } from "../../../kernel/tenancy/credential.ts";
import { askGate, type Caller } from "../../../kernel/tenancy/gate.ts";
import type { Transaction } from "../../../kernel/tenancy/transaction.ts";
import { hashSecret, newSecret } from "../../identity/public.ts";

/** By which whoever is called tells the outcome of a task later. The token is kept nowhere. */
export type NewCallback = { token: string; expiresAt: Date };

const FORM = tokenForm("tcb");

/** Makes a callback for a task. Commit it before the call is made, as the answer may come before the call returns. */
export async function openCallback(
  tx: Transaction,
  { organizationId, taskId, expiresAt }: { organizationId: string; taskId: string; expiresAt: Date },
): Promise<NewCallback> {
  const { text, hash } = newSecret();
  await tx.query(
    "insert into tasks.callbacks (organization_id, task_id, token_hash, expires_at) values ($1, $2, $3, $4)",
    [organizationId, taskId, hash, expiresAt],
  );
  return { token: `tcb_${organizationId}_${taskId}_${text}`, expiresAt };
}

export type CallbackAnswer = {
  token: string;
  status: "succeeded" | "failed";
  output?: unknown;
  error?: string | undefined;
};

/**
 * Takes the outcome of a task from whoever holds a token of it. Throws not_found for a token that is none or wrong, gone for
 * one that expired or was used, and conflict while the task does not wait.
 */
export async function answerCallback(
  caller: Caller,
  { token, status, output, error }: CallbackAnswer,
): Promise<undefined> {
  const [, organization, task, secret] = FORM.exec(token) ?? [];
  if (!organization || !task || !secret) throw new Problem("not_found");
  await askGate(caller, "tasks.answer_callback", [
    organization,
    task,
    hashSecret(secret),
    status,
    output === undefined ? null : JSON.stringify(output),
    status === "failed" ? JSON.stringify({ message: error ?? "The endpoint said that it failed, and not why." }) : null,
  ]);
  return undefined;
}
