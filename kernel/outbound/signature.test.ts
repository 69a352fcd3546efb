import assert from "node:assert/strict";
import { test } from "node:test";
import { isWebhookAuthentic, newWebhookSecret, signWebhook } from "./signature.ts";

/** The example of the Standard Webhooks specification, which its libraries test against too. */
const EXAMPLE = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  sentAt: new Date(1_614_265_330_000),
  body: '{"test": 2432232314}',
};
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const HEADERS = { "webhook-id": EXAMPLE.id, "webhook-timestamp": "1614265330", "webhook-signature": SIGNATURE };

const isAuthentic = (headers: object = {}, body = EXAMPLE.body, secrets = [SECRET], now = EXAMPLE.sentAt) =>
  isWebhookAuthentic({ ...HEADERS, ...headers }, body, secrets, now);

test("a signature is that of the specification's example", () => {
  assert.deepEqual(signWebhook(EXAMPLE, [SECRET]), HEADERS);
  assert.ok(isAuthentic());
  assert.ok(isWebhookAuthentic(HEADERS, Buffer.from(EXAMPLE.body), [SECRET], EXAMPLE.sentAt));
});

test("whatever is altered, missing or of another version is not authentic", () => {
  const wrong = [
    { "webhook-id": "msg_other" },
    { "webhook-timestamp": "1614265331" },
    { "webhook-timestamp": "1614265330.0" },
    { "webhook-timestamp": "" },
    { "webhook-id": undefined },
    { "webhook-signature": undefined },
    { "webhook-signature": SIGNATURE.replace("v1,", "v2,") },
    { "webhook-signature": SIGNATURE.slice(3) },
    { "webhook-signature": SIGNATURE.slice(0, -4) },
    { "webhook-signature": "v1," },
    { "webhook-signature": SIGNATURE.replace("g0hM", "g0hN") },
  ];
  for (const headers of wrong) assert.ok(!isAuthentic(headers), JSON.stringify(headers));
  assert.ok(!isAuthentic({}, `${EXAMPLE.body} `));
  assert.ok(!isAuthentic({}, EXAMPLE.body, [newWebhookSecret()]));
  assert.ok(!isAuthentic({}, EXAMPLE.body, []));
});

test("a message is good for five minutes, and one from the future as little", () => {
  const after = (seconds: number) =>
    isAuthentic({}, EXAMPLE.body, [SECRET], new Date(EXAMPLE.sentAt.getTime() + seconds * 1000));
  assert.deepEqual([-301, -300, 0, 300, 301].map(after), [false, true, true, true, false]);
});

test("while a secret takes the place of another, either side may know one of the two", () => {
  const other = newWebhookSecret();
  const headers = signWebhook(EXAMPLE, [other, SECRET]);
  assert.equal(headers["webhook-signature"].split(" ").length, 2);
  for (const secrets of [[other], [SECRET], [newWebhookSecret(), SECRET]])
    assert.ok(isAuthentic(headers, EXAMPLE.body, secrets));
  assert.ok(!isAuthentic(headers, EXAMPLE.body, [newWebhookSecret()]));
});

test("a new secret is 256 bits, each another, and what is none signs nothing", () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()];
  for (const secret of secrets) assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.notEqual(secrets[0], secrets[1]);
  for (const secret of ["", "whsec_", "whsec_!!!!", "a b"])
    assert.throws(() => signWebhook(EXAMPLE, [secret]), /is not whsec_ and base64/);
});
