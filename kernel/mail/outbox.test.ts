import assert from "node:assert/strict";
import { before, test } from "node:test";
import { openAs, openTestDatabase } from "../../test/harness.ts";
import { type Inbox, type Outbox, openInbox, openOutbox, openTestTransport } from "./mail.fixture.ts";
import { claimMails, keepMails, removeOldMails, settleMail } from "./outbox.ts";
import type { MailTemplate } from "./template.ts";

const PLAIN: MailTemplate = { name: "plain", write: () => ({ subject: "Plain", lines: ["Some words."] }) };
const LEASE_SECONDS = 300;
const MAILS = 60;

let outbox: Outbox;
let inbox: Inbox;

before(async () => {
  [outbox, inbox] = await Promise.all([openOutbox(), openInbox()]);
});

const queue = (recipient: string) => outbox.queue(recipient, {}, { template: "plain" });

test("workers at once send each mail once", async () => {
  const recipients = Array.from({ length: MAILS }, (_, index) => `person${index}@example.com`);
  for (const recipient of recipients) await queue(recipient);
  // A process has one connection for this, so each worker has its own.
  const workers = Array.from({ length: 4 }, () => openTestDatabase(outbox.login));
  await Promise.all(workers.map((by) => outbox.send(openTestTransport(inbox.mailServer), [PLAIN], by)));
  assert.deepEqual(inbox.recipients.toSorted(), recipients.toSorted());
  const { rows } = await outbox.admin.query("select status, attempts, count(*)::int from kernel.mails group by 1, 2");
  assert.deepEqual(rows, [{ status: "sent", attempts: 1, count: MAILS }]);
});

test("who claims passes over what another is just claiming, and does not wait for it", async () => {
  const [first, second] = [await openAs(outbox.database, "dispatcher"), await openAs(outbox.database, "dispatcher")];
  const ids = [await queue("one@example.com"), await queue("two@example.com"), await queue("three@example.com")];
  const claim = async (client: typeof first, batch: number) => {
    const { rows } = await client.query("select id from kernel.claim_mails($1, '5 minutes')", [batch]);
    return rows.map(({ id }) => id as string);
  };
  await first.query("begin");
  const held = await claim(first, 2);
  const passed = await claim(second, 10);
  await first.query("commit");
  assert.deepEqual([held, passed], [ids.slice(0, 2), ids.slice(2)]);
  await outbox.admin.query("delete from kernel.mails where id = any ($1)", [ids]);
});

test("what a worker claimed before it died goes out after its lease, under the same Message-ID, and not before", async () => {
  const id = await queue("survivor@example.com");
  const [claimed] = await claimMails(outbox.database, 10, LEASE_SECONDS);
  assert.deepEqual([claimed?.id, claimed?.attempt], [id, 1]);
  const sent = inbox.received.length;
  const transport = openTestTransport(inbox.mailServer);
  await outbox.send(transport, [PLAIN]);
  assert.equal(inbox.received.length, sent, "the lease lives");
  const { waits } = await outbox.rowOf(id);
  assert.ok(waits > LEASE_SECONDS - 60 && waits <= LEASE_SECONDS);
  await outbox.makeDue();
  await outbox.send(transport, [PLAIN]);
  assert.equal(inbox.received.length, sent + 1);
  assert.equal(inbox.received.at(-1)?.messageId, `<${id}@tenon.example>`);
  const { status, attempts } = await outbox.rowOf(id);
  assert.deepEqual([status, attempts], ["sent", 2]);
});

test("who lost the lease cannot put a mail back or give it up, but may tell that it was sent", async () => {
  const id = await queue("slow@example.com");
  const [slow] = await claimMails(outbox.database, 10, LEASE_SECONDS);
  await outbox.makeDue();
  const [quick] = await claimMails(outbox.database, 10, LEASE_SECONDS);
  assert.ok(slow && quick && slow.id === quick.id && quick.attempt === 2);
  await settleMail(outbox.database, slow, { outcome: "failed", error: "too late" });
  await settleMail(outbox.database, slow, { outcome: "retry", error: "too late" });
  const { status, last_error, waits } = await outbox.rowOf(id);
  assert.deepEqual([status, last_error], ["queued", null]);
  assert.ok(waits > LEASE_SECONDS - 60);
  await settleMail(outbox.database, slow, { outcome: "sent" });
  await settleMail(outbox.database, quick, { outcome: "failed", error: "refused as a double" });
  assert.equal((await outbox.rowOf(id)).status, "sent");
});

test("each failure waits longer, a day and a half in all, and the tenth is the last", async () => {
  const id = await queue("nowhere@example.com");
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 10; attempt++) {
    await outbox.makeDue();
    const [mail] = await claimMails(outbox.database, 1, LEASE_SECONDS);
    assert.ok(mail && mail.id === id && mail.attempt === attempt);
    await settleMail(outbox.database, mail, { outcome: "retry", error: `failure\0 ${attempt} ${"x".repeat(2000)}` });
    const row = await outbox.rowOf(id);
    if (attempt < 10) waits.push(row.waits);
    assert.equal(row.status, attempt < 10 ? "queued" : "failed");
    assert.match(row.last_error ?? "", new RegExp(`^failure ${attempt} x+$`));
  }
  const wanted = [60, 300, 1800, 7200, 14_400, ...Array.from({ length: 4 }, () => 28_800)];
  for (const [index, seconds] of wanted.entries()) {
    const waited = waits[index] ?? 0;
    assert.ok(waited > seconds * 0.89 && waited < seconds * 1.11, `${waited} s instead of ${seconds} s`);
  }
});

test("a mail that brings every worker down is given up after ten", async () => {
  const id = await queue("poison@example.com");
  for (let attempt = 1; attempt <= 10; attempt++) {
    assert.equal((await claimMails(outbox.database, 1, LEASE_SECONDS)).length, 1);
    await outbox.makeDue();
  }
  assert.deepEqual(await claimMails(outbox.database, 1, LEASE_SECONDS), []);
  const { status, last_error } = await outbox.rowOf(id);
  assert.equal(status, "failed");
  assert.match(last_error ?? "", /worker/);
});

test("without a mail server mail is kept, and what another process is just sending is let be", async () => {
  const claimed = await queue("claimed@example.com");
  await claimMails(outbox.database, 10, LEASE_SECONDS);
  const fresh = await queue("fresh@example.com");
  await outbox.send(undefined);
  assert.equal((await outbox.rowOf(fresh)).status, "kept");
  assert.equal((await outbox.rowOf(claimed)).status, "queued");
});

test("what was done with goes after 30 days, whatever its number; what waits or is kept stays", async () => {
  const { database, admin } = outbox;
  await admin.query("delete from kernel.mails");
  await admin.query(
    `insert into kernel.mails (recipient, template, status, created_at)
     select 'old@example.com', 'plain', status, now() - age
     from unnest(array['sent', 'failed', 'discarded', 'kept', 'queued']) as status,
          unnest(array[interval '31 days', interval '29 days']) as age, generate_series(1, 700)`,
  );
  await removeOldMails(database, new AbortController().signal);
  const { rows } = await admin.query(
    "select status, (created_at < now() - interval '30 days') as old, count(*)::int from kernel.mails group by 1, 2 order by 1, 2",
  );
  assert.deepEqual(
    rows.map(({ status, old, count }) => `${status} ${old} ${count}`),
    ["discarded false", "failed false", "kept false", "kept true", "queued false", "queued true", "sent false"].map(
      (each) => `${each} 700`,
    ),
  );
});

test("no role but the dispatcher comes to the outbox", async () => {
  const database = openTestDatabase();
  for (const role of ["member", "gate", "worker", "public"] as const) {
    await assert.rejects(
      database.lend(role, (client) => client.query("select * from kernel.claim_mails(1, '1 minute')")),
      { code: "42501" },
    );
  }
  await keepMails(outbox.database);
});
