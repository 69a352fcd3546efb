import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { explainFailure } from "./failure.ts";
import { boundLog } from "./log.ts";
import { stopPostmaster } from "./postmaster.ts";
import { reachServer, type Server } from "./reach.ts";
import { leaveUsers } from "./usage.ts";

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 10_000;
const LOG_CHECK_MS = 10 * 60_000;

/** Holds one connection, which shows others that PostgreSQL is in use, and starts PostgreSQL again when it dies. */
export class Keeper {
  readonly #server: Server;
  readonly #closing = new AbortController();
  readonly #logCheck: NodeJS.Timeout;
  #client: pg.Client;
  #recovery = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(server: Server, client: pg.Client) {
    this.#server = server;
    this.#client = client;
    this.#watch(client);
    this.#logCheck = setInterval(() => this.#checkLog(), LOG_CHECK_MS).unref();
  }

  #watch(client: pg.Client): void {
    this.#client = client;
    client.once("end", () => {
      if (!this.#closing.signal.aborted) this.#recovery = this.#recover();
    });
  }

  async #recover(): Promise<void> {
    const { report } = this.#server;
    const { signal } = this.#closing;
    report("The connection to PostgreSQL broke off: PostgreSQL is started again if it does not come back by itself.");
    for (let wait = RETRY_MIN_MS; !signal.aborted; wait = Math.min(2 * wait, RETRY_MAX_MS)) {
      const failure = await this.#reconnect();
      if (!failure) return;
      // The whole of it once: its first line says what is wrong, the others quote the log.
      const reason = wait === RETRY_MIN_MS ? failure.message : failure.message.split("\n")[0];
      if (!signal.aborted) report(`${reason}\nPostgreSQL is tried again in ${wait / 1000} s.`);
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  async #reconnect(): Promise<Error | undefined> {
    try {
      const { keeper } = await reachServer(this.#server, this.#closing.signal);
      this.#watch(keeper);
      this.#server.report("PostgreSQL answers again.");
    } catch (error) {
      return explainFailure(error, this.#server.home.folder);
    }
  }

  #checkLog(): void {
    const { home, report } = this.#server;
    try {
      boundLog(home.log);
    } catch (error) {
      report(`PostgreSQL's log cannot be kept short. ${explainFailure(error, home.folder).message}`);
    }
  }

  /** Stops PostgreSQL and returns when it is gone; while someone else is connected, only leaves it. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearInterval(this.#logCheck);
    this.#closing.abort();
    await this.#recovery;
    // When the question fails, PostgreSQL died in this moment and needs no stopping.
    const others = await leaveUsers(this.#client).catch(() => "gone");
    if (others === "last") await stopPostmaster(this.#server.home);
    await this.#client.end();
  }
}
