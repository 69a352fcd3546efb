import { once } from "node:events";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { limitConcurrency } from "../concurrency.ts";
import { runBatch, type Step } from "../database/batch.ts";
import { cancelStatement } from "../database/cancel.ts";
import { connect } from "../database/connection.ts";
import { type Context, enterStep } from "./context.ts";

/** A stream holds a connection of its own, beside the pools, as long as somebody reads. */
const STREAMS_MAX = 4;
const STREAM_MS_MAX = 60 * 60_000;

const limit = limitConcurrency({ name: "exports", running: STREAMS_MAX, waiting: 0 });

/**
 * Enters, and runs a `copy … to stdout` on a connection of its own: the rows as PostgreSQL writes them, in constant memory, of
 * one moment. Resolves when the first of them have come, so whatever is refused is thrown. A stream that breaks off later is
 * destroyed with an error and never ends. Whoever leaves ends the statement.
 */
export function copyOut(context: Context, text: string, guards: readonly Step[] = []): Promise<Readable> {
  const login = context.database.login(context.role);
  return new Promise((resolve, reject) => {
    limit(async () => {
      const client = await connect(login);
      try {
        const stream = await open(client, context, text, guards);
        resolve(stream);
        await untilClosed(stream);
        // A statement that nobody reads any more would wait for its reader.
        if (!stream.readableEnded) await cancelStatement(client, login);
      } finally {
        await client.end();
      }
    }).catch(reject);
  });
}

async function open(client: pg.Client, context: Context, text: string, guards: readonly Step[]): Promise<Readable> {
  context.signal?.throwIfAborted();
  const timeout: Step = { text: `set statement_timeout = ${STREAM_MS_MAX}` };
  await runBatch(client, [timeout, { text: "begin" }, enterStep(context), ...guards]);
  const stream = client.query(copyTo(text));
  // PostgreSQL's error is only told to those who listen; destroyed, the stream is at its end for everyone.
  stream.on("error", (error) => stream.destroy(error));
  const leaving = () => stream.destroy(new Error("The caller went away."));
  context.signal?.addEventListener("abort", leaving);
  stream.once("close", () => context.signal?.removeEventListener("abort", leaving));
  await once(stream, "readable");
  return stream;
}

/** Until it was read to its end, broke off, or its time is over. */
async function untilClosed(stream: Readable): Promise<void> {
  const timer = setTimeout(() => stream.destroy(new Error("It took too long.")), STREAM_MS_MAX);
  await finished(stream).catch(() => undefined);
  clearTimeout(timer);
}
