import type pg from "pg";
import { cancelStatement } from "../cancel.ts";
import { connect, type Login } from "../connection.ts";
import { roleName } from "../roles.ts";

/** How values are written as text and read back: the same on every server, whatever its settings. No time-outs. */
const SETTINGS = [
  "set client_encoding = 'UTF8'",
  "set datestyle = 'ISO, YMD'",
  "set intervalstyle = 'postgres'",
  "set timezone = 'UTC'",
  "set extra_float_digits = 3",
  "set bytea_output = 'hex'",
  "set search_path = ''",
  // Where row-level security would hide rows, a statement fails instead.
  "set row_security = off",
  "set statement_timeout = 0",
  "set lock_timeout = 0",
  "set idle_in_transaction_session_timeout = 0",
  "set idle_session_timeout = 0",
].join("; ");
const FIRST_WITH_TRANSACTION_TIMEOUT = 170_000;

/** What a person interrupted ends with this error. */
export class InterruptedError extends Error {}

/** `signal` cancels what PostgreSQL is doing; `interrupted` is what the person then reads. */
type Interrupt = { signal: AbortSignal | undefined; interrupted: string };

/** Runs `work` on a connection of its own. Rejects with an `InterruptedError` on the signal. `admin` is a superuser's login. */
export async function withSession<T>(
  admin: Login,
  { signal, interrupted }: Interrupt,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(admin, "tenon backup");
  let broken: Error | undefined;
  client.on("error", (error) => {
    broken ??= error;
  });
  const cancel = () => void cancelStatement(client, admin);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    signal?.throwIfAborted();
    await applySettings(client);
    return await work(client);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    if (signal?.aborted) throw new InterruptedError(interrupted);
    throw broken ? new Error(`The connection to PostgreSQL broke: ${broken.message}`, { cause: error }) : error;
  } finally {
    signal?.removeEventListener("abort", cancel);
    await client.end();
  }
}

/**
 * Goes on as the role that owns Tenon's tables, until the transaction ends: what a backup brings is read and written with its
 * rights, not with a superuser's. Throws when there is no such role.
 */
export async function actAsOwner(client: pg.Client, prefix: string): Promise<void> {
  const owner = roleName(prefix, "owner");
  const { rows } = await client.query("select where to_regrole($1) is not null", [owner]);
  if (rows.length === 0) {
    throw new Error(
      `There is no Tenon in this database: it has no role ${owner}. If its roles have other names, set TENON_ROLES to the first part of them.`,
    );
  }
  await client.query(`set local role ${owner}`);
}

async function applySettings(client: pg.Client): Promise<void> {
  await client.query(SETTINGS);
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  if (Number(rows[0]?.version) >= FIRST_WITH_TRANSACTION_TIMEOUT) await client.query("set transaction_timeout = 0");
}
