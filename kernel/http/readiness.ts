import type { Installation } from "../installation.ts";
import { callOutside } from "../tenancy/transaction.ts";

const PARTITION_MONTHS_MIN = 3;

/** Whether requests can be served, and if not, what is wrong. */
export type Readiness = { ready: boolean; database: string; problems: string[] };

/** Asks what a request would need: the database, and partitions for the record's next months. */
export async function checkReadiness({
  server,
  database,
}: Pick<Installation, "server" | "database">): Promise<Readiness> {
  try {
    const rows = await callOutside<{ version: string; parent: string; months: number }>(
      database,
      "dispatcher",
      "select current_setting('server_version') as version, parent, months from kernel.partitions_ahead()",
    );
    const problems = rows
      .filter((row) => row.months < PARTITION_MONTHS_MIN)
      .map((row) => `${row.parent} has partitions for only ${row.months} more months`);
    return { ready: problems.length === 0, database: `PostgreSQL ${rows[0]?.version}, ${server.kind}`, problems };
  } catch (error) {
    return {
      ready: false,
      database: "out of reach",
      problems: [error instanceof Error ? error.message : String(error)],
    };
  }
}
