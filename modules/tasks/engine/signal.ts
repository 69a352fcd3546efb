import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Database } from "../../../kernel/database/pool.ts";

const CHANNEL = "tenon_work";
/** However often workers are to be woken, others are told so once in this time. */
const APART_MS = 20;
const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_FIRST_MS = 250;
const RECONNECT_LONGEST_MS = 10_000;

/** The wire between the workers of all processes. While it is cut, they look by themselves. */
export type WorkSignal = {
  /** Rings the workers of all other processes. */
  send(): void;
  /** Resolves when it hears, for the first time. */
  listening: Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens one connection outside of the pools that hears when others queue something, and tells them when this process does: never
 * from within a transaction that does something else, for those that notify wait for each other. A lost one is opened again.
 */
export function openSignal(database: Pick<Database, "login">, onRing: () => void): WorkSignal {
  const closing = new AbortController();
  const listening = Promise.withResolvers<void>();
  let client: pg.Client | undefined;
  let isWanted = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const send = async () => {
    clearTimeout(timer);
    timer = undefined;
    if (!client || !isWanted) return;
    isWanted = false;
    sentAt = performance.now();
    // Where it fails the connection is lost: whoever opens a new one rings.
    await client.query(`notify ${CHANNEL}`).catch(() => undefined);
  };
  const hear = async () => {
    const opened = open(database);
    const ended = new Promise<void>((resolve) => opened.once("end", resolve));
    try {
      await opened.connect();
      opened.on("notification", ({ processId }) => {
        if (processId !== processIdOf(opened)) onRing();
      });
      await opened.query(`listen ${CHANNEL}`);
      if (closing.signal.aborted) return;
      client = opened;
      listening.resolve();
      // Something may have come while nobody heard.
      onRing();
      void send();
      await ended;
    } finally {
      client = undefined;
      await opened.end().catch(() => undefined);
    }
  };
  const loop = async () => {
    let wait = RECONNECT_FIRST_MS;
    while (!closing.signal.aborted) {
      const openedAt = performance.now();
      await hear().catch(() => undefined);
      if (performance.now() - openedAt > RECONNECT_LONGEST_MS) wait = RECONNECT_FIRST_MS;
      await delay(wait, undefined, { signal: closing.signal }).catch(() => undefined);
      wait = Math.min(wait * 2, RECONNECT_LONGEST_MS);
    }
  };
  const running = loop();
  return {
    listening: listening.promise,
    send: () => {
      isWanted = true;
      const wait = sentAt + APART_MS - performance.now();
      if (wait <= 0) void send();
      else timer ??= setTimeout(send, wait);
    },
    close: async () => {
      await send();
      closing.abort();
      await client?.end().catch(() => undefined);
      await running;
    },
  };
}

function open(database: Pick<Database, "login">): pg.Client {
  const client = new pg.Client({
    ...database.login("dispatcher"),
    application_name: "tenon signal",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A broken connection ends; the event itself must not end the process.
  client.on("error", () => undefined);
  return client;
}

function processIdOf(client: pg.Client): number | null | undefined {
  return (client as pg.Client & { processID?: number | null }).processID;
}
