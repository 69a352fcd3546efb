import assert from "node:assert/strict";
import { test } from "node:test";
import type { FastifyReply } from "fastify";
import { Problem } from "../errors.ts";
import type { Credential } from "../tenancy/credential.ts";
import { openRateLimits } from "./rate-limit.ts";

const LIMITS = { key: 6, person: 60, organization: 90 };
const ada: Credential = { kind: "session", userId: "ada", sessionId: "one", secret: "" };
const robot: Credential = { kind: "api_key", organizationId: "o", keyId: "robot", secret: "" };

/** Limits, the time that they go by, and a request of somebody. */
function open() {
  const clock = { ms: 0 };
  const limits = openRateLimits(LIMITS, () => clock.ms);
  const headers: Record<string, string> = {};
  const reply = {
    header(name: string, value: string) {
      headers[name] = value;
      return reply;
    },
  };
  const ask = (who: Credential, slug?: string, work = async () => "done") =>
    limits.within(who, slug, reply as unknown as FastifyReply, work);
  const askOften = async (times: number, who: Credential, slug?: string) => {
    let let_in = 0;
    for (let time = 0; time < times; time++)
      let_in += await ask(who, slug).then(
        () => 1,
        () => 0,
      );
    return let_in;
  };
  return { clock, headers, ask, askOften };
}

test("a person, a key and an organization each have a limit, which is named when it is reached", async () => {
  const { headers, ask, askOften } = open();
  assert.equal(await askOften(100, robot, "acme"), LIMITS.key);
  await assert.rejects(ask(robot, "acme"), {
    code: "too_many_requests",
    retryAfterSeconds: 10,
    message: /API key \(limit "key"\)/,
  });
  assert.equal(headers.ratelimit, '"key";r=0;t=60');
  assert.equal(await askOften(100, ada, "acme"), LIMITS.person);
  const others = ["bob", "cem"].map((userId): Credential => ({ ...ada, userId }));
  const [bob = ada, cem = ada] = others;
  assert.equal(await askOften(50, bob, "acme"), LIMITS.organization - LIMITS.person - LIMITS.key);
  await assert.rejects(ask(cem, "acme"), /limit "organization"/);
  assert.equal(headers["ratelimit-policy"], '"person";q=60;w=60, "organization";q=90;w=60');
  assert.equal(headers.ratelimit, '"organization";r=0;t=60');
  // What the organization refuses does not count for the person.
  assert.equal(await askOften(100, cem), LIMITS.person);
});

test("what was used comes back evenly", async () => {
  const { clock, headers, askOften } = open();
  assert.equal(await askOften(100, ada), 60);
  clock.ms += 999;
  assert.equal(await askOften(1, ada), 0);
  clock.ms += 1;
  assert.equal(await askOften(2, ada), 1);
  clock.ms += 10 * 60_000;
  assert.equal(await askOften(1, ada), 1);
  assert.equal(headers.ratelimit, '"person";r=59;t=1');
});

test("a request that is nobody's counts for nobody, and an outsider's not for the organization", async () => {
  const { ask, askOften } = open();
  const refuse = (code: "unauthenticated" | "not_found") => async () => {
    throw new Problem(code);
  };
  for (let time = 0; time < 200; time++)
    await assert.rejects(ask(ada, "acme", refuse("unauthenticated")), /Not signed in/);
  assert.equal(await askOften(100, ada), 60);
  const bob = { ...ada, userId: "bob" };
  for (let time = 0; time < 60; time++) await assert.rejects(ask(bob, "acme", refuse("not_found")));
  await assert.rejects(ask(bob, "acme"), /limit "person"/);
  assert.equal(await askOften(100, { ...ada, userId: "cem" }, "acme"), 60);
});

test("without limits nothing is told", async () => {
  const work = async () => "done";
  assert.equal(await openRateLimits(undefined).within(ada, "acme", {} as FastifyReply, work), "done");
});
