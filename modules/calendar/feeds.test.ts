import assert from "node:assert/strict";
import { before, test } from "node:test";
import ical from "ical.js";
import type pg from "pg";
import { addMember, adminOf } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { type Calendar, openCalendar, timeOf } from "./calendar.fixture.ts";

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

/** The path of a new feed of the member. */
async function makeFeed({ ask, member }: Calendar, person = member): Promise<string> {
  const made = await ask("POST", "feed", undefined, person);
  assert.equal(made.statusCode, 200, made.body);
  return new URL(made.json().url).pathname;
}

async function eventsAt(url: string) {
  const { statusCode, body, headers } = await http.server.inject({ url });
  assert.equal(statusCode, 200, body);
  assert.match(String(headers["content-type"]), /^text\/calendar/);
  const events = new ical.Component(ical.parse(body)).getAllSubcomponents("vevent");
  return events.map((each) => ({
    uid: String(each.getFirstPropertyValue("uid")),
    status: String(each.getFirstPropertyValue("status")),
    sequence: Number(each.getFirstPropertyValue("sequence")),
    start: new ical.Event(each).startDate.toJSDate().toISOString(),
    summary: String(each.getFirstPropertyValue("summary")),
  }));
}

test("a member's feed holds their appointments by stable ids, counts their changes, and shows what was called off", async () => {
  const calendar = await openCalendar(http);
  const { book, ask, tenant } = calendar;
  const { id } = (await book("09:00", "10:00", { title: "Kick-off; with, signs\nand lines" })).json();
  await book("09:00", "10:00", { assigned_to: tenant.owner.userId, title: "Somebody else's" });
  const url = await makeFeed(calendar);
  const first = await eventsAt(url);
  assert.deepEqual(first, [
    {
      uid: id,
      status: "TENTATIVE",
      sequence: 0,
      start: "2027-03-01T09:00:00.000Z",
      summary: "Kick-off; with, signs\nand lines",
    },
  ]);
  await ask("POST", `appointments/${id}/reschedule`, timeOf("11:00", "12:00"));
  await ask("POST", `appointments/${id}/status`, { status: "cancelled" });
  const [event] = await eventsAt(url);
  assert.deepEqual(
    [event?.uid, event?.status, event?.sequence, event?.start],
    [id, "CANCELLED", 2, "2027-03-01T11:00:00.000Z"],
  );
});

test("a program that has the feed is told so until something changes", async () => {
  const calendar = await openCalendar(http);
  await calendar.book("09:00", "10:00");
  const url = await makeFeed(calendar);
  const { headers } = await http.server.inject({ url });
  const known = { url, headers: { "if-none-match": String(headers.etag) } };
  assert.equal((await http.server.inject(known)).statusCode, 304);
  await calendar.book("14:00", "15:00");
  assert.equal((await http.server.inject(known)).statusCode, 200);
});

test("an address opens nothing once it was replaced, is guessed, or its member may see appointments no more", async () => {
  const calendar = await openCalendar(http);
  const { ask, member, tenant } = calendar;
  const status = async (url: string) => (await http.server.inject({ url })).statusCode;
  const old = await makeFeed(calendar);
  const url = await makeFeed(calendar);
  assert.deepEqual([await status(old), await status(url)], [404, 200]);
  const guessed = url.replace(/.{5}\.ics$/, "AAAAA.ics");
  assert.deepEqual(
    [await status(guessed), await status(url.replace(".ics", "")), await status("/api/calendar/feeds/x.ics")],
    [404, 404, 404],
  );
  const { rows } = await admin.query("select f::text as row from calendar.feeds f where user_id = $1", [member.userId]);
  assert.ok(!rows[0].row.includes(url.split("_").at(-1)?.replace(".ics", "")));
  assert.equal(typeof (await ask("GET", "feed", undefined, member)).json().made_at, "string");
  const set = (state: string) =>
    admin.query("update organizations.memberships set status = $3 where organization_id = $1 and user_id = $2", [
      tenant.id,
      member.userId,
      state,
    ]);
  await set("suspended");
  assert.equal(await status(url), 404);
  await set("active");
  assert.equal(await status(url), 200);
});

test("an address that was taken back opens nothing", async () => {
  const calendar = await openCalendar(http);
  const { ask, member } = calendar;
  const url = await makeFeed(calendar);
  assert.equal((await ask("DELETE", "feed", undefined, member)).statusCode, 204);
  assert.equal((await http.server.inject({ url })).statusCode, 404);
  assert.deepEqual((await ask("GET", "feed", undefined, member)).json(), { made_at: null });
});

test("a client's feed holds the appointments of their customer, and no others", async () => {
  const calendar = await openCalendar(http);
  const { book, tenant } = calendar;
  const client = await addMember(admin, http.database, tenant, "client");
  const { rows } = await admin.query<{ id: string }>(
    `with customer as (insert into crm.customers (organization_id, name) values ($1, 'Ada'), ($1, 'Bob') returning id, name)
     , contact as (insert into crm.contacts (organization_id, customer_id, user_id, name) select $1, id, $2, 'Bo' from customer where name = 'Ada')
     select id from customer order by name`,
    [tenant.id, client.userId],
  );
  const [ada, bob] = rows;
  const { id } = (await book("09:00", "10:00", { customer_id: ada?.id })).json();
  await book("10:00", "11:00", { customer_id: bob?.id });
  await book("11:00", "12:00");
  assert.deepEqual(
    (await eventsAt(await makeFeed(calendar, client))).map(({ uid }) => uid),
    [id],
  );
});
