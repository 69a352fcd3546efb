import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { CompiledQuery } from "kysely";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { rowsOf, runBatch, type Step, type StepResult } from "../database/batch.ts";
import { cancelStatement } from "../database/cancel.ts";
import type { Login } from "../database/connection.ts";
import type { Database } from "../database/pool.ts";
import type { RuntimeRole } from "../database/roles.ts";
import { type Context, enterStep } from "./context.ts";
import { onceOf } from "./idempotency.ts";

/** An entered transaction. It works only until the function it was given to returns. */
export type Transaction = {
  /** Runs one statement and resolves with its rows; `values` fill `$1`, `$2`, …. */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a compiled query of `kernel/database/query.ts` and resolves with its typed rows. */
  execute<Row>(compiled: CompiledQuery<Row>): Promise<Row[]>;
  /** Runs one statement and resolves with what it answered, every value as PostgreSQL wrote it. */
  send(statement: Step): Promise<StepResult>;
  /** Runs a `copy … from stdin`, whose text comes from the catalog alone, with the rows in PostgreSQL's text format. */
  copy(text: string, rows: Iterable<string>): Promise<void>;
};

const BEGIN: Step = { text: "begin", fixed: true };
const COMMIT: Step = { text: "commit", fixed: true };
const ROLLBACK: Step = { text: "rollback", fixed: true };

const CANCEL_AGAIN_MS = 100;

/**
 * The whole request in one round trip: enters and runs one statement, which together are one transaction because they are
 * sent together. Resolves with the columns of the first row as PostgreSQL wrote them (its JSON is passed on, never
 * parsed); none when there is no row. Guards run in between: where one raises, the statement does not run.
 */
export async function queryRow(
  context: Context,
  statement: Step,
  guards: readonly Step[] = [],
): Promise<(string | null)[]> {
  if (context.idempotency) return (await sendOnce(context, statement, guards)).rows[0] ?? [];
  return onConnection(context.database, context.role, context.signal, async (client) => {
    const answers = await runBatch(client, [enterStep(context), ...guards, statement]);
    return answers.at(-1)?.rows[0] ?? [];
  });
}

/** The same for a request that has a key. A statement that found nothing is not kept: it may find something when it is tried again. */
function sendOnce(context: Context, statement: Step, guards: readonly Step[]): Promise<StepResult> {
  const isKept = ({ tag, rows }: StepResult) => !tag.endsWith(" 0") && rows[0]?.[0] !== null;
  const send = (tx: Transaction) => tx.send(statement);
  return enteredTransaction(context, async (tx) => {
    for (const guard of guards) await tx.send(guard);
    return onceOf(context.idempotency, send, isKept)(tx);
  });
}

/** The first column of what `queryRow` resolves with, or null when there is none. */
export async function queryText(context: Context, statement: Step): Promise<string | null> {
  const [text = null] = await queryRow(context, statement);
  return text;
}

/**
 * Runs `work` in one entered transaction and commits it; any error rolls everything back. The first statement goes out
 * together with `begin` and the entering. `work` must await nothing but the database: a pause holds locks, and a long one is ended.
 * Where the request has an Idempotency-Key, what `work` resolves with is kept, and must be data (as `structuredClone` takes it).
 */
export async function transaction<T>(context: Context, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return enteredTransaction(context, onceOf(context.idempotency, work));
}

async function enteredTransaction<T>(context: Context, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return onConnection(context.database, context.role, context.signal, async (client) => {
    let opening = [BEGIN, enterStep(context)];
    let ended = false;
    const sendAll = async (steps: readonly Step[]): Promise<StepResult[]> => {
      if (ended)
        throw new Error("This transaction has ended: its statements must be awaited before its function returns.");
      const results = await runBatch(client, [...opening, ...steps]);
      opening = [];
      return results;
    };
    const send = async (step: Step) => (await sendAll([step])).at(-1) as StepResult;
    try {
      const query = async <Row>(text: string, values: readonly unknown[] = []) =>
        rowsOf<Row>(await send({ text, values, described: true }));
      const result = await work({
        send,
        query,
        execute: <Row>(compiled: CompiledQuery<Row>) => query<Row>(compiled.sql, compiled.parameters),
        copy: async (text, rows) => {
          await sendAll([]);
          await pipeline(Readable.from(rows), client.query(copyFrom(text)));
        },
      });
      // A statement may have ended the transaction by itself; committing then would confirm what was rolled back.
      if (opening.length === 0 && client.getTransactionStatus() === "I")
        throw new Error("The transaction was ended from within.");
      refuseRollback([await send(COMMIT)]);
      return result;
    } finally {
      ended = true;
    }
  });
}

/**
 * Runs one statement outside of every organization, for the roles whose only rights are definer functions: the gate
 * (signing in, making organizations), the dispatcher (maintenance) and the public (what is published). Resolves with its rows.
 */
export async function callOutside<Row = Record<string, unknown>>(
  database: Database,
  role: Extract<RuntimeRole, "gate" | "dispatcher" | "public">,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return onConnection(database, role, undefined, async (client) => {
    const [result] = await runBatch(client, [{ text, values, fixed: true, described: true }]);
    return result ? rowsOf<Row>(result) : [];
  });
}

/** A failed statement turns `commit` into a rollback that PostgreSQL reports as a success with another tag. */
function refuseRollback(results: StepResult[]): void {
  if (results.at(-1)?.tag !== "COMMIT") throw new Error("The transaction was rolled back instead of committed.");
}

async function onConnection<T>(
  database: Database,
  role: RuntimeRole,
  signal: AbortSignal | undefined,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  return database.lend(role, async (client) => {
    signal?.throwIfAborted();
    const cancellation = cancelOnAbort(client, () => database.login(role), signal);
    try {
      return await work(client);
    } catch (error) {
      await cancellation.end();
      await rollback(client);
      throw error;
    } finally {
      await cancellation.end();
    }
  });
}

/**
 * From the abort until `end` asks again and again: a request that arrives between two statements finds nothing to cancel.
 * `end` waits for a request still under way, which could otherwise hit the connection's next borrower.
 */
function cancelOnAbort(
  client: pg.PoolClient,
  login: () => Login,
  signal: AbortSignal | undefined,
): { end(): Promise<void> } {
  let ended = false;
  let cancelling: Promise<void> | undefined;
  const cancel = async () => {
    while (!ended) {
      await cancelStatement(client, login());
      await delay(CANCEL_AGAIN_MS);
    }
  };
  const onAbort = () => {
    cancelling = cancel();
  };
  signal?.addEventListener("abort", onAbort);
  return {
    end: async () => {
      signal?.removeEventListener("abort", onAbort);
      ended = true;
      await cancelling;
    },
  };
}

/** Leaves the connection idle if it can; if not, the pool destroys it. */
async function rollback(client: pg.PoolClient): Promise<void> {
  await runBatch(client, [ROLLBACK]).catch(() => undefined);
}
