import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { newWebhookSecret, signWebhook } from "../../../kernel/outbound/signature.ts";

type Example = { isAuthentic(headers: object, body: string, secret: string): boolean };

test("the example that docs/webhooks.md gives tells a call of ours from others", async () => {
  const text = await readFile("docs/webhooks.md", "utf8");
  const [, code = ""] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
  const { isAuthentic } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Example;
  const [secret, old, other] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()];
  const body = '{"type":"webhook.test"}';
  const headers = signWebhook({ id: "one", sentAt: new Date(), body }, [secret, old]);
  for (const known of [secret, old]) assert.ok(isAuthentic(headers, body, known));
  assert.ok(!isAuthentic(headers, body, other));
  assert.ok(!isAuthentic(headers, `${body} `, secret));
  assert.ok(!isAuthentic({ ...headers, "webhook-id": "two" }, body, secret));
  const late = signWebhook({ id: "one", sentAt: new Date(Date.now() - 600_000), body }, [secret]);
  assert.ok(!isAuthentic(late, body, secret));
});
