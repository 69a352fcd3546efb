import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Tables } from "./types.gen.ts";

/**
 * Builds SQL that the compiler checks against the tables. It compiles and runs nothing: `queries.selectFrom(…).compile()`
 * gives the text and the parameters, and an entered transaction runs them.
 */
export const queries = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
