import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import { Problem } from "../errors.ts";

/** Most bytes of what a transaction resulted in, where that is to be kept. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/** The `Idempotency-Key` of a request, the hash of what it asks for, and whether its answer is shown once: then it is not kept. */
export type IdempotencyKey = { key: string; requestHash: Buffer; answersOnce: boolean };

/** How far a request with such a key is: which of its transactions comes next, and how many were done now or had been before. */
export type Idempotency = IdempotencyKey & { step: number; done: number; recalled: number };

/** A transaction, as far as it matters here. */
type Asking = { query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]> };

/**
 * Begins a request with a key, as one database role: whoever saw more when it was first sent, and sees less now, is not shown the
 * answer of then.
 */
export function beginIdempotency(key: IdempotencyKey, role: string): Idempotency {
  const requestHash = createHash("sha256").update(key.requestHash).update(role).digest();
  return { ...key, requestHash, step: 0, done: 0, recalled: 0 };
}

/** Whether all that the request asks for had been done before. */
export function isReplay(idempotency: Idempotency | undefined): boolean {
  return idempotency !== undefined && idempotency.recalled > 0 && idempotency.done === 0;
}

/**
 * The work of a transaction, as something that happens once for the request's key, if it has one: what it resulted in is kept by
 * the same transaction, and given again where it is there already. `isKept` tells what is worth it: what did nothing may be tried again.
 * Throws too_large, and nothing happens, where it is too much, and conflict where it was shown before and is shown once.
 */
export function onceOf<Tx extends Asking, T>(
  idempotency: Idempotency | undefined,
  work: (tx: Tx) => Promise<T>,
  isKept: (result: T) => boolean = () => true,
): (tx: Tx) => Promise<T> {
  if (!idempotency) return work;
  const step = idempotency.step++;
  const name = [idempotency.key, step, idempotency.requestHash];
  return async (tx) => {
    const [row] = await tx.query<{ answer: Buffer | null }>("select kernel.recall_answer($1, $2, $3) as answer", name);
    if (row?.answer && idempotency.answersOnce) throw shownOnce();
    if (row?.answer) {
      idempotency.recalled++;
      return deserialize(row.answer) as T;
    }
    const result = await work(tx);
    if (isKept(result))
      await tx.query("select kernel.keep_answer($1, $2, $3, $4)", [
        ...name,
        idempotency.answersOnce ? NOTHING : answerOf(result),
      ]);
    idempotency.done++;
    return result;
  };
}

const NOTHING = serialize(undefined);

function shownOnce(): Problem {
  return new Problem("conflict", {
    detail: "This was done before under this Idempotency-Key, and its answer held a secret that is shown once.",
    hint: "If that answer never arrived, remove what was made and make another.",
  });
}

function answerOf(result: unknown): Buffer {
  const answer = serialize(result);
  if (answer.length <= ANSWER_BYTES_MAX) return answer;
  throw new Problem("too_large", {
    detail: "The answer is too large to be kept for an Idempotency-Key. Nothing was changed.",
    hint: "Ask for less at once.",
  });
}
