import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { Secret, TOTP } from "otpauth";
import { adminOf, openAdmin } from "../../test/harness.ts";
import type { TestHttpServer } from "../../test/http/server.ts";
import { createPerson } from "./people.ts";
import type { TokenPair } from "./tokens-contract.ts";

export const PASSWORD = "a long enough password 47";

/** Where the test server believes to be. */
export const SITE = "http://tenon.test";

/** A person with an account, and what they do by HTTP. */
export type Guest = {
  userId: string;
  email: string;
  post(url: string, payload?: object, token?: string): Promise<LightMyRequestResponse>;
  /** Signs in by password for tokens; the person has no second factor. */
  signIn(): Promise<TokenPair>;
  /** Signs in by password; resolves with the token of the sign-in that waits for a second factor. */
  pend(): Promise<string>;
};

export async function newGuest({ server, database }: TestHttpServer): Promise<Guest> {
  const email = `${randomUUID()}@example.com`;
  const userId = await createPerson(await adminOf(database), { email, name: "Ada", password: PASSWORD });
  const post: Guest["post"] = (url, payload, token) =>
    server.inject({
      method: "POST",
      url,
      ...(payload && { payload }),
      ...(token && { headers: { authorization: `Bearer ${token}` } }),
    });
  const open = async () => {
    const answer = await post("/api/token", { email, password: PASSWORD });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const pend = async () => {
    const { pending } = await open();
    assert.match(pending, /^tsp_/);
    return pending;
  };
  return { userId, email, post, signIn: open, pend };
}

/** Adds and confirms an authenticator app. Its codes are good once more, as if half a minute had passed. */
export async function addApp(http: TestHttpServer, guest: Guest, token: string) {
  const added = await guest.post("/api/me/factors/totp", { name: "Phone" }, token);
  assert.equal(added.statusCode, 200, added.body);
  const { id, secret, uri } = added.json();
  const codeNow = (offsetSeconds = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + offsetSeconds * 1000 });
  const confirmation = `/api/me/factors/totp/${id}/confirmation`;
  const confirmed = await guest.post(confirmation, { code: codeNow() }, token);
  assert.equal(confirmed.statusCode, 200, confirmed.body);
  const renew = async () => {
    await (await adminOf(http.database)).query("update identity.second_factors set last_step = 0 where id = $1", [id]);
  };
  await renew();
  return { id, uri, codeNow, renew, recoveryCodes: confirmed.json().recovery_codes as string[] | null };
}

/** Asks who a token's person is. */
export function askMe({ server }: TestHttpServer, token: string): Promise<LightMyRequestResponse> {
  return server.inject({ url: "/api/me", headers: { authorization: `Bearer ${token}` } });
}

/** The kinds of a person's events, the oldest first. */
export async function eventsOf({ database }: TestHttpServer, userId: string): Promise<string[]> {
  const admin = await adminOf(database);
  const { rows } = await admin.query("select kind from identity.user_events where user_id = $1 order by id", [userId]);
  return rows.map((row) => row.kind);
}

/** The templates of the mails to an address, the oldest first. */
export async function mailsTo({ database }: TestHttpServer, email: string): Promise<string[]> {
  const admin = await adminOf(database);
  const { rows } = await admin.query("select template from kernel.mails where recipient = $1 order by id", [email]);
  return rows.map((row) => row.template);
}

/** Sends requests that all come to wait for one row, two of them at least at the same time, and then lets them go on. */
export async function whileLocked<T>(
  http: TestHttpServer,
  lock: { text: string; functionName: string; userId: string },
  send: () => Promise<T>[],
): Promise<T[]> {
  const admin = await adminOf(http.database);
  const holder = await openAdmin();
  await holder.query("begin");
  await holder.query(`${lock.text} for update`, [lock.userId]);
  const answers = Promise.all(send());
  const waiting =
    "select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and query like $1";
  while ((await admin.query(waiting, [`%${lock.functionName}%`])).rows[0].count < 2);
  await holder.query("commit");
  return answers;
}
