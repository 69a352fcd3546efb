import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { connect, type Login } from "../connection.ts";
import { ACCESS_RULES } from "./cluster.ts";
import type { Home } from "./home.ts";
import { readPid } from "./postmaster.ts";

const RESET_TIMEOUT_MS = 10_000;
const POLL_MS = 20;

/**
 * Makes the running PostgreSQL accept the login's password, after its file was lost. Whoever may do this owns the cluster's files:
 * for a moment the superuser is let in without a password, through a socket that only the same account and root can reach.
 */
export async function resetPassword(home: Home, login: Login, report: (line: string) => void): Promise<void> {
  report(`PostgreSQL did not accept the password in ${home.passwordFile}: the password is set anew.`);
  try {
    setAccessRules(home, `local postgres ${login.user} trust\n${ACCESS_RULES}`);
    const client = await connectSoon(login);
    await setPassword(client, login).finally(() => client.end());
  } finally {
    setAccessRules(home, ACCESS_RULES);
  }
}

function setAccessRules(home: Home, rules: string): void {
  writeFileSync(join(home.cluster, "pg_hba.conf"), rules);
  const pid = readPid(home);
  if (pid) process.kill(pid, "SIGHUP");
}

/** PostgreSQL reads its rules a moment after it was told to. */
async function connectSoon(login: Login): Promise<pg.Client> {
  const deadline = performance.now() + RESET_TIMEOUT_MS;
  for (;;) {
    try {
      return await connect(login);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}

async function setPassword(client: pg.Client, { user, password }: Login): Promise<void> {
  // The log may be set to keep statements, or failed ones: not this one, which holds the password.
  await client.query("set log_statement = none");
  await client.query("set log_min_error_statement = panic");
  await client.query(`alter role ${client.escapeIdentifier(user)} password ${client.escapeLiteral(password)}`);
}
