import { createHash } from "node:crypto";
import pg from "pg";
import { prepareValue } from "pg/lib/utils.js";
import { serialize } from "pg-protocol";
import { statementCache } from "./statement-cache.ts";

/** One statement of a batch. */
export type Step = {
  text: string;
  values?: readonly unknown[];
  /**
   * Whether the text never varies, so that the connection keeps it prepared. Statements with varying filters stay
   * unprepared: a plan made for any filter can be a thousand times worse than one made for this one.
   */
  fixed?: boolean;
  /** Whether to ask for the columns' names and types, which rowsOf needs. */
  described?: boolean;
};

/** A column of a described step; the type is PostgreSQL's number of it. */
type Field = { name: string; dataTypeID: number };

/** What a step answered: its command tag (`SELECT 1`, `COMMIT`) and its rows, every value as PostgreSQL wrote it. */
export type StepResult = { tag: string; fields: Field[]; rows: (string | null)[][] };

/** The rows of a described step as objects, with values converted as pg converts them (bigint stays text). */
export function rowsOf<Row>(result: StepResult): Row[] {
  const columns = result.fields.map(({ name, dataTypeID }) => ({
    name,
    parse: pg.types.getTypeParser(dataTypeID) as (text: string) => unknown,
  }));
  return result.rows.map((values) => {
    const entries = columns.map(({ name, parse }, index) => {
      const value = values[index];
      return [name, value === null || value === undefined ? null : parse(value)];
    });
    return Object.fromEntries(entries) as Row;
  });
}

/** The part of pg's client that a batch deals with. Its messages are typed nowhere, so this says what is used of them. */
type Wire = { stream: { write(data: Buffer): boolean } };

/**
 * Sends all steps in one write with a single Sync, and resolves with one result per step. PostgreSQL runs them in order and,
 * after an error, skips the rest. Steps without a `begin` among them are one transaction, which the Sync commits: they
 * happen whole or not at all (PostgreSQL's protocol, "Pipelining").
 * All parameters are serialized before the first byte is written. Rejects with the first error; the caller looks at the
 * connection's transaction status, which may be that of a failed transaction.
 */
export function runBatch(client: pg.PoolClient | pg.Client, steps: readonly Step[]): Promise<StepResult[]> {
  return new Promise((resolve, reject) => {
    client.query(batch(steps, resolve, reject) as unknown as pg.Submittable);
  });
}

function batch(steps: readonly Step[], resolve: (results: StepResult[]) => void, reject: (error: Error) => void) {
  const results: StepResult[] = [];
  let rows: (string | null)[][] = [];
  let fields: Field[] = [];
  let names: (string | undefined)[] = [];
  let wire: Wire | undefined;
  const endStep = (tag: string) => {
    if (wire) statementCache(wire).confirm(names[results.length]);
    results.push({ tag, fields, rows });
    rows = [];
    fields = [];
  };

  return {
    /** pg calls this when it is the batch's turn. A returned error is handed to handleError, and nothing was written. */
    submit(connection: Wire): Error | undefined {
      wire = connection;
      try {
        names = steps.map((step) => (step.fixed ? statementName(step.text) : undefined));
        connection.stream.write(serializeBatch(steps, names, wire));
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
      }
    },
    handleRowDescription(message: { fields: Field[] }) {
      fields = message.fields;
    },
    handleDataRow(message: { fields: (string | null)[] }) {
      rows.push(message.fields);
    },
    handleCommandComplete(message: { text: string }) {
      endStep(message.text);
    },
    handleEmptyQuery() {
      endStep("");
    },
    handlePortalSuspended() {
      endStep("");
    },
    handleCopyInResponse() {
      reject(new Error("COPY cannot run in a batch."));
    },
    handleError(error: Error) {
      reject(error);
    },
    handleReadyForQuery() {
      resolve(results);
    },
  };
}

function serializeBatch(steps: readonly Step[], names: (string | undefined)[], wire: Wire): Buffer {
  const stale: string[] = [];
  const messages = steps.flatMap((step, index) => {
    const values = (step.values ?? []).map(prepareValue);
    const name = names[index];
    const { parse, evict } = name ? statementCache(wire).request(name) : { parse: true, evict: [] };
    stale.push(...evict);
    return [
      // What was sent in a batch that failed may or may not be there. Closing what is not there is no error.
      ...(parse && name ? [close(name)] : []),
      ...(parse ? [serialize.parse({ text: step.text, name: name ?? "" })] : []),
      serialize.bind({ statement: name ?? "", values }),
      ...(step.described ? [serialize.describe({ type: "P" })] : []),
      serialize.execute({}),
    ];
  });
  // Behind a step that fails nothing would be closed any more.
  return Buffer.concat([...stale.map(close), ...messages, serialize.sync()]);
}

function close(name: string): Buffer {
  return serialize.close({ type: "S", name });
}

const names = new Map<string, string>();

function statementName(text: string): string {
  let name = names.get(text);
  if (!name) {
    name = `t${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
    names.set(text, name);
  }
  return name;
}
