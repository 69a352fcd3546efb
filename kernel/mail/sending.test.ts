import assert from "node:assert/strict";
import { before, test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { SMTPServerOptions } from "smtp-server";
import { CERTIFICATE } from "./certificate.fixture.ts";
import { FROM, type Inbox, type Outbox, openInbox, openOutbox, openTestTransport, WELCOME } from "./mail.fixture.ts";
import { parseMailServer } from "./server.ts";
import type { Transport } from "./transport.ts";

const FORM = "tot_0198f2f0-0000-7000-8000-000000000001_0198f2f0-0000-7000-8000-000000000002_";
const SECRET = "a-secret_of-the-link-0123456789abcdefghij";

let outbox: Outbox;
let inbox: Inbox;
let transport: Transport;

before(async () => {
  [outbox, inbox] = await Promise.all([openOutbox(), openInbox()]);
  transport = openTestTransport(inbox.mailServer);
});

/** Sends one mail and resolves with what the server got. */
async function deliver(recipient: string, data: Record<string, unknown>) {
  inbox.received.splice(0);
  inbox.raw.splice(0);
  inbox.recipients.splice(0);
  const id = await outbox.queue(recipient, { form: FORM, ...data }, { secret: SECRET });
  await outbox.send(transport);
  const [mail, ...more] = inbox.received;
  assert.ok(mail && more.length === 0, JSON.stringify(await outbox.rowOf(id)));
  return { id, mail, raw: inbox.raw[0] ?? "" };
}

test("a mail arrives as text and HTML, from whom and to whom it should, with its link, and its token is gone", async () => {
  const { id, mail } = await deliver("ada@example.com", { name: "Ada" });
  const link = `https://tenon.example/confirm#${FORM}${SECRET}`;
  assert.equal(mail.subject, "Welcome, Ada");
  assert.deepEqual(mail.from, FROM);
  assert.deepEqual(
    mail.to?.map(({ address }) => address),
    ["ada@example.com"],
  );
  assert.deepEqual(inbox.recipients, ["ada@example.com"]);
  assert.equal(mail.messageId, `<${id}@tenon.example>`);
  assert.equal(mail.headers.find(({ key }) => key === "auto-submitted")?.value, "auto-generated");
  assert.ok(mail.text?.includes(`Confirm the address:\n${link}\n`), mail.text);
  assert.ok(mail.html?.includes(`href="${link}"`) && mail.html.includes(`>${link}</a>`), mail.html);
  assert.match(
    mail.text ?? "",
    /You get this mail because the address ada@example\.com is used at tenon\.example\.\s*$/,
  );
  const { status, sealed_token, data, sent_at, attempts } = await outbox.rowOf(id);
  assert.deepEqual({ status, sealed_token, attempts }, { status: "sent", sealed_token: null, attempts: 1 });
  assert.deepEqual(data, { form: FORM, name: "Ada" });
  assert.ok(sent_at);
});

test("names of any script arrive as they are, in the subject and in both parts", async () => {
  for (const name of ["Zoë Ångström", "山田 太郎", "مريم", "Ada 👩‍💻 <b>&amp;", "𝒜".repeat(200)]) {
    const { mail } = await deliver("ada@example.com", { name });
    assert.ok(mail.text?.includes(`Hello ${name},`), mail.text);
    assert.ok(!mail.html?.includes("<b>"), mail.html);
    if (name.length < 100) assert.equal(mail.subject, `Welcome, ${name}`);
    else assert.equal([...(mail.subject ?? "")].length, 150);
  }
});

test("a name with line ends adds no header, no recipient and no paragraph", async () => {
  for (const end of ["\r\n", "\n", "\r", "\u2028", "\u0085"]) {
    const name = `Ada${end}Bcc: victim@example.com${end}Content-Type: text/html${end}${end}<h1>Free money</h1>`;
    const { mail, raw } = await deliver("ada@example.com", { name });
    assert.deepEqual(inbox.recipients, ["ada@example.com"]);
    assert.equal(mail.bcc, undefined);
    assert.doesNotMatch(raw, /^(?:Bcc|content-type: text\/html; injected)/im);
    assert.match(mail.subject ?? "", /^Welcome, Ada Bcc: victim@example\.com Content-Type/);
    assert.ok(mail.text?.startsWith("Hello Ada Bcc: victim@example.com "), mail.text);
  }
});

test("what is no single plain address is sent to nobody", async () => {
  inbox.recipients.splice(0);
  const odd = [
    "a,b@example.com",
    "a@example.com\r\nBcc: b@example.com",
    "<a@example.com>",
    "a b@example.com",
    "a@b@c",
    "abc",
  ];
  const ids: string[] = [];
  for (const recipient of odd) ids.push(await outbox.queue(recipient, { form: FORM, name: "x" }, { secret: SECRET }));
  await outbox.send(transport);
  assert.deepEqual(inbox.recipients, []);
  for (const id of ids) assert.equal((await outbox.rowOf(id)).status, "failed");
});

test("a server that refuses for now is tried again later, and one that refuses for good is not", async () => {
  inbox.refusals.push({ code: 451, text: "greylisted, come back" });
  const later = await outbox.queue("later@example.com", { form: FORM, name: "Ada" }, { secret: SECRET });
  await outbox.send(transport);
  const waiting = await outbox.rowOf(later);
  assert.equal(waiting.status, "queued");
  assert.match(waiting.last_error ?? "", /greylisted/);
  assert.ok(Number(waiting.waits) > 50 && Number(waiting.waits) < 70, `${Number(waiting.waits)} s`);
  assert.ok(waiting.sealed_token, "the token is needed again");
  await outbox.send(transport);
  assert.equal((await outbox.rowOf(later)).attempts, 1, "it is not due yet");
  await outbox.makeDue();
  await outbox.send(transport);
  assert.equal((await outbox.rowOf(later)).status, "sent");

  inbox.refusals.push({ code: 550, text: "no such mailbox" });
  const never = await outbox.queue("never@example.com", { form: FORM, name: "Ada" }, { secret: SECRET });
  await outbox.send(transport);
  const { status, last_error, sealed_token } = await outbox.rowOf(never);
  assert.deepEqual([status, sealed_token], ["failed", null]);
  assert.match(last_error ?? "", /550.*no such mailbox/);
});

test("while the server is down or its name leads nowhere, mail waits", async () => {
  for (const url of ["smtp://127.0.0.1:1", "smtp://nowhere.invalid"]) {
    const id = await outbox.queue("ada@example.com", { form: FORM, name: "Ada" }, { secret: SECRET });
    await outbox.send(openTestTransport(parseMailServer(url)));
    const { status, last_error } = await outbox.rowOf(id);
    assert.equal(status, "queued");
    assert.ok(last_error);
    await outbox.makeDue();
    await outbox.send(transport);
    assert.equal((await outbox.rowOf(id)).status, "sent");
  }
});

test("user and password open the server, and with wrong ones mail waits", async () => {
  const guarded = await openInbox({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === "us%er" && password === "p@ss:word"
        ? done(null, { user: "us%er" })
        : done(new Error("Wrong password")),
  });
  const { port } = guarded.mailServer;
  const id = await outbox.queue("ada@example.com", { form: FORM, name: "Ada" }, { secret: SECRET });
  await outbox.send(openTestTransport(parseMailServer(`smtp://us%25er:wrong@127.0.0.1:${port}`)));
  assert.equal((await outbox.rowOf(id)).status, "queued");
  await outbox.makeDue();
  await outbox.send(openTestTransport(guarded.mailServer));
  assert.equal((await outbox.rowOf(id)).status, "queued", "no sign-in is our mistake, not the mail's");
  await outbox.makeDue();
  await outbox.send(openTestTransport(parseMailServer(`smtp://us%25er:p%40ss%3Aword@127.0.0.1:${port}`)));
  assert.equal((await outbox.rowOf(id)).status, "sent");
  assert.equal(guarded.received.length, 1);
});

test("a password is not sent in the clear to another machine, and goes encrypted where that is possible", async () => {
  const login = { user: "user", password: "password" };
  const id = await outbox.queue("ada@example.com", { form: FORM, name: "Ada" }, { secret: SECRET });
  let asked = 0;
  const onAuth: SMTPServerOptions["onAuth"] = (_auth, _session, done) => {
    asked++;
    done(null, { user: "user" });
  };
  const clear = await openInbox({ allowInsecureAuth: true, onAuth });
  // Another name of this machine that does not look like it.
  await outbox.send(openTestTransport({ ...clear.mailServer, host: "0.0.0.0", login }));
  assert.equal((await outbox.rowOf(id)).status, "queued");
  assert.equal(asked, 0);

  const trusted = getCACertificates("default");
  setDefaultCACertificates([...trusted, CERTIFICATE]);
  try {
    for (const secure of [false, true]) {
      const encrypted = await openInbox({ secure, disabledCommands: [], onAuth });
      await outbox.makeDue();
      await outbox.queue("bob@example.com", { form: FORM, name: "Bob" }, { secret: SECRET });
      await outbox.send(openTestTransport({ ...encrypted.mailServer, isSecure: secure, login }));
      assert.ok(encrypted.received.length > 0, JSON.stringify(await outbox.rowOf(id)));
      assert.ok(encrypted.raw.every((raw) => raw.includes("Message-ID")));
    }
  } finally {
    setDefaultCACertificates(trusted);
  }
  assert.equal((await outbox.rowOf(id)).status, "sent");
  assert.ok(asked >= 2);
});

test("a certificate that nobody vouches for is not trusted, by STARTTLS and from the start", async () => {
  for (const secure of [false, true]) {
    const shady = await openInbox({ secure, disabledCommands: [] });
    const id = await outbox.queue("ada@example.com", { form: FORM, name: "Ada" }, { secret: SECRET });
    await outbox.send(openTestTransport({ ...shady.mailServer, isSecure: secure }));
    const { status, last_error } = await outbox.rowOf(id);
    assert.equal(status, "queued");
    assert.match(last_error ?? "", /certificate/);
    assert.equal(shady.received.length, 0);
    await outbox.makeDue();
    await outbox.send(transport);
  }
});

test("a mail of a template that only a newer version has, or without its token, waits with the reason", async () => {
  const unknown = await outbox.queue("ada@example.com", {}, { template: "of_tomorrow" });
  const bare = await outbox.queue("ada@example.com", { name: "Ada" });
  await outbox.send(transport, [WELCOME]);
  assert.match((await outbox.rowOf(unknown)).last_error ?? "", /no template "of_tomorrow"/);
  assert.match((await outbox.rowOf(bare)).last_error ?? "", /wants a token/);
});

test("a token that was altered fails its mail, and the others go out", async () => {
  const broken = await outbox.queue("ada@example.com", { form: FORM, name: "Ada" }, { secret: SECRET });
  await outbox.admin.query("update kernel.mails set sealed_token = sealed_token || '\\x00' where id = $1", [broken]);
  const good = await outbox.queue("bob@example.com", { form: FORM, name: "Bob" }, { secret: SECRET });
  await outbox.send(transport);
  assert.equal((await outbox.rowOf(broken)).status, "failed");
  assert.equal((await outbox.rowOf(good)).status, "sent");
});
