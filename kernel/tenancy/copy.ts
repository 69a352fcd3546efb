import { once } from "node:events";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { runBatch, type Step } from "../database/batch.ts";
import { cancelStatement } from "../database/cancel.ts";
import { connect } from "../database/connection.ts";
import { openShares } from "../shares.ts";
import { type Context, enterStep } from "./context.ts";

/** A stream holds a connection of its own, beside the pools, as long as somebody reads. */
const STREAMS_MAX = 8;
const STREAM_MS_MAX = 60 * 60_000;
/** Whoever reads less than this in a minute, while there is something to be read, keeps the place from others. */
const MINUTE_BYTES_MIN = 65_536;

const shares = openShares({ name: "exports", places: STREAMS_MAX });

/**
 * Enters, and runs a `copy … to stdout` on a connection of its own: the rows as PostgreSQL writes them, in constant memory, of
 * one moment. Resolves when the first of them have come, so whatever is refused is thrown. A stream that breaks off later is
 * destroyed with an error and never ends. Whoever leaves ends the statement. Throws too_busy.
 */
export async function copyOut(context: Context, text: string, guards: readonly Step[] = []): Promise<Readable> {
  const giveBack = shares.take(context.organization.id);
  return new Promise((resolve, reject) => {
    holdStream(context, text, guards, resolve).catch(reject).finally(giveBack);
  });
}

/** Opens a stream, hands it over, and resolves when it is over. */
async function holdStream(
  context: Context,
  text: string,
  guards: readonly Step[],
  handOver: (stream: Readable) => void,
): Promise<void> {
  const login = context.database.login(context.role);
  const client = await connect(login);
  try {
    const stream = await open(client, context, text, guards);
    handOver(stream);
    await untilClosed(stream, client);
    // A statement that nobody reads any more would wait for its reader.
    if (!stream.readableEnded) await cancelStatement(client, login);
  } finally {
    await client.end();
  }
}

async function open(client: pg.Client, context: Context, text: string, guards: readonly Step[]): Promise<Readable> {
  context.signal?.throwIfAborted();
  const timeout: Step = { text: `set statement_timeout = ${STREAM_MS_MAX}` };
  await runBatch(client, [timeout, { text: "begin" }, enterStep(context), ...guards]);
  context.signal?.throwIfAborted();
  const stream = client.query(copyTo(text));
  // PostgreSQL's error is only told to those who listen; destroyed, the stream is at its end for everyone.
  stream.on("error", (error) => stream.destroy(error));
  const leaving = () => stream.destroy(new Error("The caller went away."));
  context.signal?.addEventListener("abort", leaving);
  stream.once("close", () => context.signal?.removeEventListener("abort", leaving));
  await once(stream, "readable");
  return stream;
}

/** Until it was read to its end, broke off, its time is over, or its reader is too slow. */
async function untilClosed(stream: Readable, client: pg.Client): Promise<void> {
  const timer = setTimeout(() => stream.destroy(new Error("It took too long.")), STREAM_MS_MAX);
  const socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
  const stopWatching = endWhenSlow(stream, () => socket.bytesRead);
  await finished(stream).catch(() => undefined);
  clearTimeout(timer);
  stopWatching();
}

/** Ends a stream whose reader is too slow, by the bytes that have come for it. Returns what stops watching. */
export function endWhenSlow(stream: Readable, bytesRead: () => number): () => void {
  let before = bytesRead();
  const watch = setInterval(() => {
    const isSlow = bytesRead() - before < MINUTE_BYTES_MIN && stream.readableLength > 0;
    before = bytesRead();
    if (isSlow) stream.destroy(new Error("Its reader is too slow."));
  }, 60_000);
  return () => clearInterval(watch);
}
