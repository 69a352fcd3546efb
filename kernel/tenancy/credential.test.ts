import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { test } from "node:test";
import { type Credential, parseToken, tokenOf } from "./credential.ts";

const secret = randomBytes(32).toString("base64url");
const session: Credential = { kind: "session", userId: randomUUID(), sessionId: randomUUID(), secret };
const key: Credential = { kind: "api_key", organizationId: randomUUID(), keyId: randomUUID(), secret };

test("a token is read as what it was made of", () => {
  assert.deepEqual(parseToken(tokenOf(session)), session);
  assert.deepEqual(parseToken(tokenOf(key)), key);
});

test("a token of one kind never passes for another", () => {
  const asKey = tokenOf(session).replace("tus_", "tak_");
  assert.equal(parseToken(asKey)?.kind, "api_key");
  for (const prefix of ["tsp_", "trt_", "tot_", "tiv_", "TUS_", ""])
    assert.equal(parseToken(tokenOf(session).replace("tus_", prefix)), undefined, prefix);
});

test("what is cut, padded, or holds other letters is no token", () => {
  const token = tokenOf(session);
  for (const wrong of [
    ` ${token}`,
    `${token} `,
    `${token}:`,
    token.slice(0, 80),
    "",
    "tus_",
    token.replaceAll("_", "-"),
  ])
    assert.equal(parseToken(wrong), undefined, JSON.stringify(wrong));
});
