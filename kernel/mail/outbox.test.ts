import assert from "node:assert/strict";
import { before, test } from "node:test";
import { startWorker } from "../../modules/tasks/engine/worker.ts";
import { mailLine } from "../../modules/tasks/mail-line.ts";
import { openTestDatabase } from "../../test/harness.ts";
import { type Inbox, type Outbox, openInbox, openOutbox, openTestTransport } from "./mail.fixture.ts";
import { removeOldMails, settleMail, takeMail } from "./outbox.ts";
import type { MailTemplate } from "./template.ts";
import { mailJob } from "./work.ts";

const PLAIN: MailTemplate = { name: "plain", write: () => ({ subject: "Plain", lines: ["Some words."] }) };
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
  // As several processes would, each worker has its own connections.
  const workers = Array.from({ length: 4 }, () => openTestDatabase(outbox.login));
  await Promise.all(workers.map((by) => outbox.send(openTestTransport(inbox.mailServer), [PLAIN], by)));
  assert.deepEqual(inbox.recipients.toSorted(), recipients.toSorted());
  const { rows } = await outbox.admin.query("select status, attempts, count(*)::int from kernel.mails group by 1, 2");
  assert.deepEqual(rows, [{ status: "sent", attempts: 1, count: MAILS }]);
});

test("what a worker took before it died goes out by another, under the same Message-ID, and not while the first is heard of", async () => {
  const id = await queue("survivor@example.com");
  await outbox.admin.query("select tasks.claim('dead', '{mail.send}', 10, $1, 0, '5 minutes')", [NOBODY]);
  assert.equal((await takeMail(outbox.database, id))?.attempt, 1);
  const sent = inbox.received.length;
  const transport = openTestTransport(inbox.mailServer);
  const by = openTestDatabase(outbox.login);
  await by.lend("dispatcher", (client) => client.query("select tasks.sweep(1000)"));
  const { rows } = await outbox.admin.query("select worker from tasks.claims");
  assert.deepEqual([rows, inbox.received.length], [[{ worker: "dead" }], sent]);
  await outbox.admin.query("update tasks.claims set expires_at = now()");
  await outbox.send(transport, [PLAIN], by);
  assert.equal(inbox.received.length, sent + 1);
  assert.equal(inbox.received.at(-1)?.messageId, `<${id}@tenon.example>`);
  const { status, attempts } = await outbox.rowOf(id);
  assert.deepEqual([status, attempts], ["sent", 2]);
});

const NOBODY = "00000000-0000-0000-0000-000000000000";

test("who was too slow cannot put a mail back or give it up, but may tell that it was sent", async () => {
  const id = await queue("slow@example.com");
  const slow = await takeMail(outbox.database, id);
  const quick = await takeMail(outbox.database, id);
  assert.ok(slow && quick && quick.attempt === 2);
  assert.equal(await settleMail(outbox.database, slow, { outcome: "failed", error: "too late" }), undefined);
  assert.equal(await settleMail(outbox.database, slow, { outcome: "retry", error: "too late" }), undefined);
  const { status, last_error } = await outbox.rowOf(id);
  assert.deepEqual([status, last_error], ["queued", null]);
  await settleMail(outbox.database, slow, { outcome: "sent" });
  await settleMail(outbox.database, quick, { outcome: "failed", error: "refused as a double" });
  assert.equal((await outbox.rowOf(id)).status, "sent");
  assert.equal(await takeMail(outbox.database, id), undefined, "It was sent.");
  await outbox.admin.query("delete from tasks.entries");
});

test("each failure waits longer, a day and a half in all, and the tenth is the last", async () => {
  const id = await queue("nowhere@example.com");
  const waits: (number | null)[] = [];
  let attempt = 0;
  const failing = {
    send: async () => ({ outcome: "retry" as const, error: `failure\0 ${++attempt} ${"x".repeat(2000)}` }),
    close: () => undefined,
  };
  for (let time = 1; time <= 10; time++) {
    await outbox.makeDue();
    await outbox.send(failing, [PLAIN]);
    const row = await outbox.rowOf(id);
    waits.push(row.waits);
    assert.deepEqual([attempt, row.status], [time, time < 10 ? "queued" : "failed"]);
    assert.match(row.last_error ?? "", new RegExp(`^failure ${time} x+$`));
  }
  const wanted = [60, 300, 1800, 7200, 14_400, ...Array.from({ length: 4 }, () => 28_800)];
  for (const [index, seconds] of wanted.entries()) {
    const waited = waits[index] ?? 0;
    assert.ok(waited > seconds * 0.89 - 5 && waited < seconds * 1.11, `${waited} s instead of ${seconds} s`);
  }
  assert.equal(waits.at(-1), null, "It stands in line no more.");
});

test("a mail that brings every worker down is given up after ten", async () => {
  const id = await queue("poison@example.com");
  for (let attempt = 1; attempt <= 10; attempt++) assert.ok(await takeMail(outbox.database, id));
  assert.equal(await takeMail(outbox.database, id), undefined);
  const { status, last_error } = await outbox.rowOf(id);
  assert.equal(status, "failed");
  assert.match(last_error ?? "", /worker/);
  await outbox.admin.query("delete from tasks.entries");
});

test("without a mail server mail is kept", async () => {
  const id = await queue("fresh@example.com");
  await outbox.send(undefined);
  const { status, attempts, waits } = await outbox.rowOf(id);
  assert.deepEqual([status, attempts, waits], ["kept", 0, null]);
});

test("a mail server that hangs takes up five places, and everything else goes on", async () => {
  const onWay = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<{ outcome: "sent" }>();
  let sending = 0;
  const send = () => {
    if (++sending === 5) onWay.resolve();
    return answer.promise;
  };
  const { database, services } = outbox;
  const jobs = [mailJob([PLAIN], { send, close: () => undefined })];
  const done = Promise.withResolvers<void>();
  const works = [{ name: "test.other", everySeconds: 1000, run: async () => done.resolve() }];
  const log = { error: ({ err }: { err: unknown }) => Promise.reject(err) };
  for (let mail = 0; mail < 12; mail++) await queue(`hanging${mail}@example.com`);
  const worker = startWorker({ database, services, kinds: [], jobs, works: [], concurrency: 8, log });
  await onWay.promise;
  const parked = "select count(*)::int from tasks.entries where state = 'parked'";
  while ((await outbox.admin.query(parked)).rows[0].count < 7);
  const second = startWorker({ database, services, kinds: [], jobs, works, concurrency: 1, log });
  await done.promise;
  assert.equal(sending, 5);
  answer.resolve({ outcome: "sent" });
  while (
    (await outbox.admin.query("select count(*)::int from kernel.mails where status = 'queued'")).rows[0].count > 0
  );
  await Promise.all([worker.stop(), second.stop()]);
  assert.equal(sending, 12);
  await outbox.admin.query("delete from tasks.entries");
});

test("mail that is queued but stands in no line, as after a restore, comes into line once", async () => {
  const [lost, later] = [await queue("lost@example.com"), await queue("later@example.com")];
  const claimed = await queue("claimed@example.com");
  await outbox.admin.query("delete from tasks.entries where task_id = $1", [lost]);
  await outbox.admin.query("update tasks.entries set state = 'later', ready_at = 'infinity' where task_id = $1", [
    later,
  ]);
  await outbox.admin.query("select tasks.claim('other', '{mail.send}', 10, $1, 0, '5 minutes')", [NOBODY]);
  await mailLine.run({ ...outbox, signal: new AbortController().signal });
  const { rows } = await outbox.admin.query("select task_id, state, type, limits from tasks.entries order by state");
  const limits = { lane: "mail.send", slots: 5 };
  assert.deepEqual(rows, [
    { task_id: later, state: "later", type: "mail.send", limits },
    { task_id: lost, state: "ready", type: "mail.send", limits },
  ]);
  assert.equal((await outbox.admin.query("select task_ids from tasks.claims")).rows[0].task_ids[0], claimed);
  await outbox.admin.query("delete from tasks.entries; delete from tasks.claims; delete from tasks.slots");
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
      database.lend(role, (client) => client.query("select * from kernel.take_mail(gen_random_uuid())")),
      { code: "42501" },
    );
  }
});
