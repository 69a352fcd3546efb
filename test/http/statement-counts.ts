import { AsyncLocalStorage } from "node:async_hooks";
import type pg from "pg";
import type { Database } from "../../kernel/database/pool.ts";

type Count = { statements: number };

/** What a connection is given to run, as pg has it: it is told of each statement that is done. */
type Submittable = { handleCommandComplete?: (...message: unknown[]) => void };

const counts = new AsyncLocalStorage<Count>();

/** The same database, whose statements are counted for whoever asks by `statementsOf`. */
export function countingStatements(database: Database): Database {
  return {
    ...database,
    lend: (role, work) =>
      database.lend(role, async (client) => {
        const count = counts.getStore();
        if (count) countOn(client, count);
        try {
          return await work(client);
        } finally {
          // What stood before the client's own method is taken away again.
          Reflect.deleteProperty(client, "query");
        }
      }),
  };
}

function countOn(client: pg.PoolClient, count: Count): void {
  const query = client.query.bind(client) as (submittable: Submittable, ...rest: unknown[]) => unknown;
  const counted = (submittable: Submittable, ...rest: unknown[]) => {
    const complete = submittable.handleCommandComplete;
    if (!complete) count.statements += 1;
    else
      submittable.handleCommandComplete = (...message) => {
        count.statements += 1;
        complete.apply(submittable, message);
      };
    return query(submittable, ...rest);
  };
  Object.assign(client, { query: counted });
}

/** Does something, and resolves with what it resolves with and the statements that PostgreSQL ran for it. */
export async function statementsOf<T>(work: () => Promise<T>): Promise<[result: T, statements: number]> {
  const count = { statements: 0 };
  const result = await counts.run(count, work);
  return [result, count.statements];
}
