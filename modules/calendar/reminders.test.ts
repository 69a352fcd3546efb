import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import { mails } from "../../app.ts";
import { adminOf, testServices } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { type Calendar, openCalendar } from "./calendar.fixture.ts";
import { sendReminders } from "./work.ts";

const HOUR_MS = 3_600_000;

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

/** Books an hour that begins so many hours from now, with a reminder an hour before. */
async function bookIn(calendar: Calendar, hours: number, more: object = {}): Promise<string> {
  const made = await calendar.book("", "", { ...inHours(hours), ...more });
  assert.equal(made.statusCode, 201, made.body);
  return made.json().id;
}

function inHours(hours: number) {
  const [start, end] = [hours, hours + 1].map((each) => new Date(Date.now() + each * HOUR_MS).toISOString());
  return { start_time: start, end_time: end };
}

function send(): Promise<void> {
  return sendReminders({ database: http.database, services: testServices(), signal: new AbortController().signal });
}

async function mailsTo(email: string): Promise<{ template: string; data: Record<string, string> }[]> {
  const text = "select template, data from kernel.mails where recipient = $1 order by id";
  return (await admin.query(text, [email])).rows;
}

test("a reminder is sent once, however many look, in the time zone of who gets it", async () => {
  const calendar = await openCalendar(http);
  const { member } = calendar;
  await admin.query("update identity.users set timezone = 'Asia/Tokyo' where id = $1", [member.userId]);
  await bookIn(calendar, 2, { location: "Room 4" });
  await send();
  assert.deepEqual(await mailsTo(member.email), []);
  const remind_minutes = [40, 45, 50, 55, 60];
  const soon = await bookIn(calendar, 0.5, { remind_minutes });
  await Promise.all(Array.from({ length: 8 }, send));
  const sent = await mailsTo(member.email);
  const [mail] = sent;
  assert.deepEqual(
    sent.map(({ template }) => template),
    remind_minutes.map(() => "appointment_reminder"),
  );
  const { items } = (await calendar.ask("GET", `reminders?appointment_id=${soon}`)).json();
  assert.deepEqual([items[0].status, typeof items[0].sent_at], ["sent", "string"]);
  const words = mails.find(({ name }) => name === "appointment_reminder")?.write(mail?.data ?? {});
  const hour = new Date(Date.now() + 0.5 * HOUR_MS).toLocaleTimeString("en-GB", {
    timeZone: "Asia/Tokyo",
    hour: "2-digit",
  });
  assert.match(words?.lines[1] ?? "", new RegExp(`, ${hour}:\\d\\d \\(Asia/Tokyo\\)\\.$`));
});

test("a reminder goes along when its appointment is moved, and comes again for another time", async () => {
  const calendar = await openCalendar(http);
  const { ask, member } = calendar;
  const id = await bookIn(calendar, 0.5);
  await ask("POST", `appointments/${id}/reschedule`, inHours(5));
  await send();
  assert.equal((await mailsTo(member.email)).length, 0);
  await ask("POST", `appointments/${id}/reschedule`, inHours(0.5));
  await send();
  assert.equal((await mailsTo(member.email)).length, 1);
  await ask("POST", `appointments/${id}/reschedule`, inHours(6));
  await admin.query("update calendar.reminders set due_at = now() where appointment_id = $1", [id]);
  await send();
  await send();
  assert.equal((await mailsTo(member.email)).length, 2);
});

test("nobody is reminded of what was called off or is over, or against their wish; a customer is by their own mail", async () => {
  const calendar = await openCalendar(http);
  const { ask, member, tenant } = calendar;
  const off = await bookIn(calendar, 0.5);
  await ask("POST", `appointments/${off}/status`, { status: "cancelled" });
  const over = await bookIn(calendar, -3);
  await send();
  assert.deepEqual(await mailsTo(member.email), []);
  const { items } = (await ask("GET", `reminders?appointment_id=${over}`)).json();
  assert.deepEqual([items[0].status, items[0].error], ["failed", "The appointment was over."]);

  const email = `${member.userId}@customer.example`;
  const url = `/api/organizations/${tenant.slug}/crm/customers`;
  const { id: customer_id } = (
    await http.ask(tenant.owner, { method: "POST", url, payload: { name: "Ada", email } })
  ).json();
  await admin.query(
    `update organizations.memberships set notification_settings = '{"email_notifications": false}' where organization_id = $1 and user_id = $2`,
    [tenant.id, member.userId],
  );
  const id = await bookIn(calendar, 0.7, { customer_id });
  await ask("POST", "reminders", { appointment_id: id, recipient: "customer", minutes_before: 1440 });
  await send();
  assert.deepEqual(await mailsTo(member.email), []);
  assert.deepEqual(
    (await mailsTo(email)).map(({ template }) => template),
    ["appointment_reminder_of_customer"],
  );
});
