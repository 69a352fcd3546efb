import assert from "node:assert/strict";
import { before, test } from "node:test";
import { atEnd, testServer, testServices } from "../../test/harness.ts";
import { buildServer } from "../http/server.ts";
import type { Services } from "../services.ts";
import { type Outbox, openOutbox, WELCOME } from "./mail.fixture.ts";
import { mailboxRoute, mailboxUrl } from "./mailbox.ts";

const FORM = "tot_0198f2f0-0000-7000-8000-000000000001_0198f2f0-0000-7000-8000-000000000002_";
const key = new URL(mailboxUrl(testServices())).hash.slice(1);

let outbox: Outbox;
let ask: (key: string) => Promise<{ status: number; items: { recipient: string; subject: string; text: string }[] }>;

before(async () => {
  outbox = await openOutbox();
  ask = await openMailbox(outbox.services);
});

async function openMailbox(services: Services): Promise<typeof ask> {
  const installation = {
    database: outbox.database,
    server: { admin: testServer.admin, kind: "external" as const, close: async () => undefined },
  };
  const config = { logLevel: "fatal", trustedProxies: undefined, signInsPerMinute: 100 };
  const server = await buildServer(installation, services, { routes: [mailboxRoute([WELCOME])], bearers: [] }, config);
  atEnd(() => server.close());
  return async (given) => {
    const answer = await server.inject({ method: "POST", url: "/api/mailbox", payload: { key: given } });
    return { status: answer.statusCode, items: answer.json().items ?? [] };
  };
}

test("what is not sent is shown with its link, the newest first, before and after it was kept", async () => {
  await outbox.queue("first@example.com", { form: FORM, name: "Ada" }, { secret: "the-secret" });
  await outbox.send(undefined);
  await outbox.queue("second@example.com", { form: FORM, name: "Bob" }, { secret: "the-secret" });
  const { status, items } = await ask(key);
  assert.equal(status, 200);
  assert.deepEqual(
    items.map(({ recipient, subject }) => [recipient, subject]),
    [
      ["second@example.com", "Welcome, Bob"],
      ["first@example.com", "Welcome, Ada"],
    ],
  );
  for (const { text } of items) assert.ok(text.includes(`https://tenon.example/confirm#${FORM}the-secret\n`), text);
});

test("a mail that cannot be written says why and hides no other; what nobody wanted is not shown", async () => {
  await outbox.queue("third@example.com", { name: "Eve" });
  await outbox.admin.query("select kernel.queue_mail('nobody@example.com', 'welcome', '{}', null, false)");
  const { items } = await ask(key);
  assert.deepEqual(
    items.map(({ recipient }) => recipient),
    ["third@example.com", "second@example.com", "first@example.com"],
  );
  assert.match(items[0]?.text ?? "", /wants a token/);
});

test("with another key, or where mail is sent, there is no mailbox", async () => {
  for (const wrong of ["", `${key}A`, key.slice(1), key.toLowerCase(), "0".repeat(43)])
    assert.deepEqual(await ask(wrong), { status: 404, items: [] });
  const sending = await openMailbox({ ...outbox.services, hasMailServer: true });
  assert.deepEqual(await sending(key), { status: 404, items: [] });
});

test("a hundred mails are shown at most", async () => {
  await outbox.admin.query(
    "insert into kernel.mails (recipient, template, status) select 'x@example.com', 'welcome', 'kept' from generate_series(1, 120)",
  );
  assert.equal((await ask(key)).items.length, 100);
});
