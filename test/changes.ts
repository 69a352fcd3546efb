import { once } from "node:events";
import pg from "pg";
import { type Login, withConnection } from "../kernel/database/connection.ts";
import { atEnd } from "./harness.ts";

/** Waits for what comes to be in a database of a test's own. */
export type Changes = {
  /** Asks at once, and whenever rows may have changed, until there is an answer. */
  until<T>(ask: () => Promise<T | undefined>): Promise<T>;
};

/** Hears of every statement that changes rows of these tables. A line that breaks, as where the server is restarted, is taken up again. */
export async function watchChanges(login: Login, tables: readonly string[]): Promise<Changes> {
  await withConnection(login, (admin) => admin.query(triggersOn(tables)));
  let change = Promise.withResolvers<void>();
  let line: pg.Client | undefined;
  let isOver = false;
  const tell = () => {
    change.resolve();
    change = Promise.withResolvers();
  };
  const listen = async () => {
    const client = new pg.Client(login);
    const ended = once(client, "end");
    client.on("error", () => undefined).on("notification", tell);
    await client.connect();
    line = client;
    await client.query("listen changes");
    tell();
    await ended;
  };
  const listening = (async () => {
    while (!isOver) await listen().catch(() => undefined);
  })();
  atEnd(async () => {
    isOver = true;
    await line?.end();
    await listening;
  });
  return {
    until: async (ask) => {
      for (;;) {
        const { promise } = change;
        const answer = await ask();
        if (answer !== undefined) return answer;
        await promise;
      }
    },
  };
}

function triggersOn(tables: readonly string[]): string {
  const triggers = tables.map(
    (table) =>
      `create trigger tell_change after insert or update or delete on ${table} for each statement execute function public.tell_change();`,
  );
  return `
    create function public.tell_change() returns trigger language plpgsql as $$
    begin
      notify changes;
      return null;
    end $$;
    ${triggers.join("\n")}`;
}
