import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import type pg from "pg";
import { MAIL_TOKEN } from "../../kernel/mail/outbox.ts";
import { unseal } from "../../kernel/secrets/envelope.ts";
import { parseToken } from "../../kernel/tenancy/credential.ts";
import { adminOf, openAdmin, type Person, testServices } from "../../test/harness.ts";
import type { TestHttpServer } from "../../test/http/server.ts";
import { mails } from "./mails.ts";
import { createPerson } from "./people.ts";

export const PASSWORD = "a long enough sentence 47";

/** A mail as it waits to be sent; `token` is that of its link. */
export type WaitingMail = { template: string; status: string; data: Record<string, string>; token: string | undefined };

/** The mails to an address, oldest first. */
export async function mailsTo(admin: pg.Client, address: string): Promise<WaitingMail[]> {
  const { rows } = await admin.query<{
    template: string;
    status: string;
    data: Record<string, string>;
    sealed: Buffer;
  }>(
    "select template, status, data, sealed_token as sealed from kernel.mails where lower(recipient) = lower($1) order by id",
    [address],
  );
  const { keyring } = testServices();
  for (const { template, status, sealed } of rows) {
    const declared = mails.find(({ name }) => name === template) ?? assert.fail(`No mail is called ${template}.`);
    const hasToken = declared.write({}).link?.path.includes(":token") ?? false;
    assert.equal(hasToken, sealed !== null || status === "discarded", template);
  }
  return rows.map(({ sealed, ...mail }) => ({
    ...mail,
    token: sealed ? `${mail.data.form}${unseal(keyring, sealed, MAIL_TOKEN)}` : undefined,
  }));
}

/** The token of the last mail of a kind to an address. */
export async function lastToken(admin: pg.Client, address: string, template: string): Promise<string> {
  const mail = (await mailsTo(admin, address)).findLast((one) => one.template === template);
  return mail?.token ?? assert.fail(`No ${template} went to ${address}.`);
}

export function newAddress(): string {
  return `${randomUUID()}@example.com`;
}

/** A person with a password, and a session that the browser's cookie opens. */
export async function newPerson(http: TestHttpServer, name = "Ada"): Promise<Person> {
  const email = newAddress();
  await createPerson(await adminOf(http.database), { email, name, password: PASSWORD });
  return signInAs(http, email);
}

/** Opens one more session. */
export async function signInAs(http: TestHttpServer, email: string, password = PASSWORD): Promise<Person> {
  return personOf(await post(http, "/api/session", { email, password }), email);
}

/** The person whom an answer signs in. */
export function personOf(answer: LightMyRequestResponse, email: string): Person {
  const credential = parseToken(answer.cookies.find(({ name }) => name === "tenon_session")?.value ?? "");
  assert.ok(credential?.kind === "session", answer.body);
  return { userId: credential.userId, email, credential };
}

export function post(http: TestHttpServer, url: string, payload?: object, person?: Person) {
  return http.ask(person, { method: "POST", url, ...(payload && { payload }) });
}

/** Makes the last proof of identity older than delicate changes ask for. */
export async function makeProofOld(admin: pg.Client, { credential }: Person): Promise<void> {
  await admin.query("update identity.user_sessions set proved_at = now() - interval '16 minutes' where id = $1", [
    credential.sessionId,
  ]);
}

/** Whether a person's session is let in. */
export async function isSignedIn(http: TestHttpServer, person: Person): Promise<boolean> {
  return (await http.ask(person, { url: "/api/me" })).statusCode === 200;
}

/** The kinds of events of an account, oldest first. */
export async function eventsOf(admin: pg.Client, userId: string): Promise<string[]> {
  const { rows } = await admin.query("select kind from identity.user_events where user_id = $1 order by id", [userId]);
  return rows.map(({ kind }) => kind);
}

/** How often signing in to an account failed, and how long it waits after the last failure, in seconds. */
export async function lockoutOf(
  admin: pg.Client,
  userId: string,
): Promise<{ attempts: number; seconds: number | null }> {
  const { rows } = await admin.query(
    `select failed_attempts as attempts, extract(epoch from locked_until - last_failed_at)::int as seconds
     from identity.lockouts where user_id = $1`,
    [userId],
  );
  return rows[0] ?? { attempts: 0, seconds: null };
}

/**
 * Runs work while a statement's locks are held, and lets go once so many connections wait for a lock: what runs then ran up
 * against each other for sure.
 */
export async function whileHeld<T>(
  admin: pg.Client,
  held: { lock: string; values?: unknown[]; waiting: number },
  work: () => Promise<T>,
): Promise<T> {
  const holder = await openAdmin();
  await holder.query("begin");
  const { rows } = await holder.query("select pg_backend_pid() as pid");
  await holder.query(held.lock, held.values);
  const done = work();
  for (let count = 0; count < held.waiting; ) {
    // A connection that waits for one that waits for the holder waits for the holder.
    const found = await admin.query(
      `with recursive behind as (
         select $1::int as pid
         union
         select a.pid from pg_stat_activity a join behind b on b.pid = any (pg_blocking_pids(a.pid))
       ) select count(*)::int - 1 as count from behind`,
      [rows[0].pid],
    );
    count = found.rows[0].count;
  }
  await holder.query("commit");
  return done;
}
