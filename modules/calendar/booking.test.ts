import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import { addMember, adminOf, createTenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { DAY, openCalendar, timeOf } from "./calendar.fixture.ts";
import type { Slot } from "./contract.ts";

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

/** When slots begin, as hours of the day or as another day. */
function begins(slots: Slot[]): string[] {
  return slots.map(({ start_time }) => new Date(start_time).toISOString().replace(`${DAY}T`, "").slice(0, -8));
}

test("of twenty who book one time at once, one gets it, and the others are told what is free next", async () => {
  const { book, ask } = await openCalendar(http);
  const answers = await Promise.all(Array.from({ length: 20 }, () => book("09:00", "10:00")));
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).toSorted(), [
    201,
    ...Array.from({ length: 19 }, () => 409),
  ]);
  assert.equal((await ask("GET", "appointments/count")).json().count, 1);
  const { code, current, hint } = answers.find(({ statusCode }) => statusCode === 409)?.json() ?? {};
  assert.deepEqual([code, hint], ["conflict", "Take one of the next times that are free."]);
  assert.deepEqual(begins(current.free_slots), ["10:00", "10:30", "11:00"]);
});

test("free times are by the member's clock, skip what is taken, the evening and the weekend, and another member's time is free", async () => {
  const { tenant, member, book, ask } = await openCalendar(http);
  await admin.query("update identity.users set timezone = 'Europe/Berlin' where id = $1", [member.userId]);
  await book("15:00", "16:00");
  const { current } = (await book("15:30", "16:30")).json();
  // In Berlin 16:00 UTC is 17:00, and work ends at 18:00.
  assert.deepEqual(begins(current.free_slots), ["16:00", "2027-03-02T07:00", "2027-03-02T07:30"]);
  await ask("POST", "appointments", {
    title: "Friday",
    assigned_to: member.userId,
    start_time: "2027-03-05T16:00:00Z",
    end_time: "2027-03-05T17:00:00Z",
  });
  const friday = { start_time: "2027-03-05T16:00:00Z", end_time: "2027-03-05T17:00:00Z" };
  const weekend = await book("", "", friday);
  assert.deepEqual(begins(weekend.json().current.free_slots)[0], "2027-03-08T07:00");
  assert.equal((await book("15:30", "16:30", { assigned_to: tenant.owner.userId })).statusCode, 201);
});

test("an appointment is moved to where it overlaps but itself, keeps its reminders, and is confirmed anew", async () => {
  const { book, ask } = await openCalendar(http);
  const { id } = (await book("09:00", "10:00", { remind_minutes: [60, 15] })).json();
  await book("12:00", "13:00");
  await ask("POST", `appointments/${id}/status`, { status: "confirmed" });
  const moved = await ask("POST", `appointments/${id}/reschedule`, { ...timeOf("09:30", "10:30"), version: 2 });
  assert.deepEqual([moved.statusCode, moved.json().status, moved.json().version], [200, "scheduled", 3], moved.body);
  const { items } = (await ask("GET", `reminders?appointment_id=${id}&sort=minutes_before`)).json();
  assert.deepEqual(
    items.map(({ due_at }: { due_at: string }) => new Date(due_at).toISOString()),
    [`${DAY}T09:15:00.000Z`, `${DAY}T08:30:00.000Z`],
  );
  const taken = await ask("POST", `appointments/${id}/reschedule`, timeOf("11:30", "12:30"));
  assert.deepEqual([taken.statusCode, begins(taken.json().current.free_slots)[0]], [409, "13:00"]);
  const stale = await ask("POST", `appointments/${id}/reschedule`, { ...timeOf("14:00", "15:00"), version: 1 });
  assert.deepEqual([stale.statusCode, stale.json().current.version], [412, 3]);
});

test("what was called off frees its time, and finds it taken when it is taken up again", async () => {
  const { book, ask } = await openCalendar(http);
  const { id } = (await book("09:00", "10:00")).json();
  assert.equal((await ask("POST", `appointments/${id}/status`, { status: "cancelled" })).json().status, "cancelled");
  assert.equal((await ask("POST", `appointments/${id}/reschedule`, timeOf("14:00", "15:00"))).statusCode, 409);
  assert.equal((await book("09:00", "10:00")).statusCode, 201);
  const again = await ask("POST", `appointments/${id}/status`, { status: "scheduled" });
  assert.deepEqual([again.statusCode, begins(again.json().current.free_slots)[0]], [409, "10:00"]);
  const wrong = await ask("POST", `appointments/${id}/status`, { status: "completed" });
  assert.deepEqual(
    [wrong.statusCode, wrong.json().detail],
    [409, "An appointment that is cancelled cannot become completed."],
  );
});

test("two who move their appointments into each other's time at once do not both succeed, nor wait for ever", async () => {
  const { book, ask } = await openCalendar(http);
  const [a, b] = [(await book("09:00", "10:00")).json(), (await book("10:00", "11:00")).json()];
  const answers = await Promise.all([
    ask("POST", `appointments/${a.id}/reschedule`, timeOf("10:00", "11:00")),
    ask("POST", `appointments/${b.id}/reschedule`, timeOf("09:00", "10:00")),
  ]);
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [409, 409],
  );
});

test("what is wrong is told by field; strangers' customers and colleagues who left are refused", async () => {
  const { tenant, member, book, ask } = await openCalendar(http);
  const backwards = await book("10:00", "09:00");
  assert.deepEqual([backwards.statusCode, backwards.json().errors[0].field], [400, "end_time"]);
  const other = await createTenant(http.database);
  const made = await http.ask(other.owner, {
    method: "POST",
    url: `/api/organizations/${other.slug}/crm/customers`,
    payload: { name: "Theirs" },
  });
  const foreign = await book("09:00", "10:00", { customer_id: made.json().id });
  assert.deepEqual([foreign.statusCode, foreign.json().errors[0].field], [400, "customer_id"], foreign.body);
  assert.equal((await book("09:00", "10:00", { assigned_to: other.owner.userId })).statusCode, 400);
  const viewer = await addMember(admin, http.database, tenant, "viewer");
  assert.equal((await ask("POST", "appointments", { title: "x" }, viewer)).statusCode, 403);
  const { id } = (await book("09:00", "10:00")).json();
  const url = `/api/organizations/${other.slug}/calendar/appointments/${id}/status`;
  const outside = await http.ask(other.owner, { method: "POST", url, payload: { status: "cancelled" } });
  assert.equal(outside.statusCode, 404);
  await admin.query(
    "update organizations.memberships set status = 'left' where organization_id = $1 and user_id = $2",
    [tenant.id, member.userId],
  );
  const left = await book("14:00", "15:00");
  assert.deepEqual([left.statusCode, left.json().hint], [400, "Choose somebody who works here."]);
});
