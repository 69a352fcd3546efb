import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { isAlive } from "./temporary.ts";

/** The application name by which the processes that use PostgreSQL know one another's connections. */
export const KEEPER_NAME = `tenon keeper ${process.pid}`;

const KEEPER_FORM = /^tenon keeper (\d+)$/;
const LEAVING_NAME = "tenon leaving";
const LEAVE_TIMEOUT_MS = 3_000;
const POLL_MS = 20;
// An arbitrary number. Who holds this lock decides whether PostgreSQL is still needed; who comes waits for the decision.
const DECISION_LOCK = 8_366_603;

/** Makes sure that nobody who saw PostgreSQL unused is about to stop it. Throws when it was stopped. */
export async function joinUsers(keeper: pg.Client): Promise<void> {
  await keeper.query("select pg_advisory_lock_shared($1)", [DECISION_LOCK]);
  await keeper.query("select pg_advisory_unlock_shared($1)", [DECISION_LOCK]);
}

/** Tells whether nobody else is connected; then nobody can join any more until `keeper` has ended. */
export async function leaveUsers(keeper: pg.Client): Promise<"last" | "others stay"> {
  await keeper.query("select pg_advisory_lock($1)", [DECISION_LOCK]);
  if (await othersLeave(keeper)) return "last";
  await keeper.query(`set application_name = '${LEAVING_NAME}'`);
  return "others stay";
}

/** Waits a little for sessions that are about to end, such as those of a pool just closed; another keeper stays. */
async function othersLeave(keeper: pg.Client): Promise<boolean> {
  for (const deadline = performance.now() + LEAVE_TIMEOUT_MS; ; await sleep(POLL_MS)) {
    const { others, keepers } = await countOthers(keeper);
    if (others === 0) return true;
    if (keepers > 0 || performance.now() > deadline) return false;
  }
}

async function countOthers(keeper: pg.Client): Promise<{ others: number; keepers: number }> {
  const { rows } = await keeper.query<{ name: string }>(
    `select application_name as name from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> $1`,
    [LEAVING_NAME],
  );
  return { others: rows.length, keepers: rows.filter(({ name }) => isLivingKeeper(name)).length };
}

/** The connection of a process that was killed may outlive it for a moment. */
function isLivingKeeper(name: string): boolean {
  const processId = KEEPER_FORM.exec(name)?.[1];
  return processId !== undefined && isAlive(Number(processId));
}
