import assert from "node:assert/strict";
import { test } from "node:test";
import { addMember, adminOf, createTenant, type Person } from "../../test/harness.ts";
import { openTestServer } from "../../test/http/server.ts";

const http = await openTestServer();
const admin = await adminOf(http.database);
const tenant = await createTenant(http.database);
const base = `/api/organizations/${tenant.slug}/task-schedules`;

type Method = "GET" | "POST" | "PATCH" | "DELETE";

async function ask(method: Method, path = "", payload?: object, person: Person = tenant.owner) {
  const { statusCode, body } = await http.ask(person, { method, url: base + path, ...(payload && { payload }) });
  return { status: statusCode, body: body === "" ? undefined : JSON.parse(body) };
}

async function make(own: object = {}): Promise<string> {
  const { status, body } = await ask("POST", "", {
    name: "Report",
    type: "example.work",
    rule: "0 9 * * 1",
    ...own,
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body.id;
}

async function statusOf(id: string): Promise<[string, boolean]> {
  const { body } = await ask("GET", `/${id}`);
  return [body.status, body.next_run_at !== null && new Date(body.next_run_at) > new Date()];
}

test("a schedule is made, read, listed, changed and deleted", async () => {
  const { status, body } = await ask("POST", "", {
    name: "Report",
    type: "example.work",
    input: { days: 7 },
    rule: "DTSTART:20240101T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO",
    timezone: "europe/berlin",
    missed_runs: "skip",
  });
  assert.equal(status, 200, JSON.stringify(body));
  const { id, created_at, updated_at, next_run_at, ...rest } = body;
  assert.deepEqual(rest, {
    name: "Report",
    type: "example.work",
    input: { days: 7 },
    rule: "DTSTART:20240101T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO",
    timezone: "Europe/Berlin",
    missed_runs: "skip",
    status: "active",
    last_run_at: null,
    notice: null,
    created_by: { id: tenant.owner.userId, name: "A Person" },
  });
  const clock = new Intl.DateTimeFormat("en", {
    timeZone: "Europe/Berlin",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  assert.equal(clock.format(new Date(next_run_at)), "Mon 09:00");
  assert.deepEqual((await ask("GET", `/${id}`)).body, body);

  const changed = await ask("PATCH", `/${id}`, { name: "Figures", input: {}, rule: "2999-01-01T10:00" });
  assert.equal(changed.status, 400, "That is too far away.");
  const moved = await ask("PATCH", `/${id}`, { name: "Figures", input: {}, rule: "0 10 * * *" });
  assert.equal(moved.status, 200, JSON.stringify(moved.body));
  assert.deepEqual([moved.body.name, moved.body.input, moved.body.timezone], ["Figures", {}, "Europe/Berlin"]);
  const hour = new Intl.DateTimeFormat("en", { timeZone: "Europe/Berlin", hour: "2-digit", hourCycle: "h23" });
  assert.equal(hour.format(new Date(moved.body.next_run_at)), "10");

  const { items } = (await ask("GET", "?status=active")).body;
  const { input: _, ...listed } = moved.body;
  assert.deepEqual(items, [listed]);
  assert.deepEqual((await ask("GET", "?status=paused")).body, { items: [] });
  assert.equal((await ask("DELETE", `/${id}`)).status, 204);
  assert.equal((await ask("GET", `/${id}`)).status, 404);
  assert.equal((await ask("DELETE", `/${id}`)).status, 404);
});

test("a paused schedule has its tasks wait, and when it is resumed begins with the next one", async () => {
  const id = await make();
  assert.equal((await ask("PATCH", `/${id}`, { status: "paused" })).body.status, "paused");
  await admin.query(
    "update tasks.schedules set next_run_at = '2020-01-01', notice = 'Something.', failures = 3 where id = $1",
    [id],
  );
  assert.equal((await ask("PATCH", `/${id}`, { status: "active" })).body.notice, null);
  assert.deepEqual(await statusOf(id), ["active", true]);
});

test("a schedule that is over begins again by a new rule only", async () => {
  const id = await make();
  await admin.query(
    "update tasks.schedules set status = 'ended', next_run_at = null, rule = '2020-01-01T00:00Z' where id = $1",
    [id],
  );
  assert.equal((await ask("PATCH", `/${id}`, { status: "active" })).status, 400);
  assert.equal((await ask("PATCH", `/${id}`, { status: "paused" })).status, 409);
  assert.equal((await ask("PATCH", `/${id}`, { name: "Another" })).body.status, "ended");
  assert.equal((await ask("PATCH", `/${id}`, { rule: "0 9 * * *" })).body.status, "active");
  assert.deepEqual(await statusOf(id), ["active", true]);
});

test("whoever changes or resumes a schedule answers for its tasks", async () => {
  const id = await make();
  const member = await addMember(admin, http.database, tenant, "member");
  const maker = async (payload: object, person: Person) =>
    (await ask("PATCH", `/${id}`, payload, person)).body.created_by.id;
  assert.equal(await maker({ input: { days: 2 } }, member), member.userId);
  assert.equal(await maker({ status: "paused" }, tenant.owner), member.userId);
  assert.equal(await maker({ status: "active" }, tenant.owner), tenant.owner.userId);
});

test("a preview says when a rule comes, in its zone and in UTC", async () => {
  const { status, body } = await ask("POST", "/preview", { rule: "30 2 * * *", timezone: "Asia/Kathmandu" });
  assert.equal(status, 200);
  assert.equal(body.timezone, "Asia/Kathmandu");
  assert.equal(body.runs.length, 10);
  for (const { at, local } of body.runs) {
    assert.match(local, /T02:30:00\+05:45$/);
    assert.equal(Date.parse(local), Date.parse(at));
  }
  assert.deepEqual((await ask("POST", "/preview", { rule: "0 0 30 2 *" })).body, { timezone: "UTC", runs: [] });
});

test("what is wrong is refused by the name of its field", async () => {
  const good = { name: "Report", type: "example.work", rule: "0 9 * * *" };
  const cases: [object, string, RegExp][] = [
    [{ rule: "61 * * * *" }, "rule", /minute/],
    [{ rule: "0 0 30 2 *" }, "rule", /never comes again/],
    [{ rule: "2020-01-01T00:00Z" }, "rule", /never comes again/],
    [{ rule: "x".repeat(2001) }, "rule", /2000/],
    [{ timezone: "Mars/Olympus" }, "timezone", /IANA/],
    [{ type: "Report" }, "type", /name of a type/],
    [{ name: " " }, "name", /./],
    [{ missed_runs: "some" }, "missed_runs", /./],
    [{ input: { a: "x".repeat(40_000) } }, "input", /32768/],
    [{ input: { days: 0 } }, "input.days", /./],
    [{ type: "example.nothing" }, "type", /no type of task "example.nothing" .* There are .*example\.work/],
    [{ type: "labeling.import_texts" }, "type", /may be started/],
    [{ input: { login: { api_key: "k" } } }, "input.login.api_key", /looks like a secret/],
  ];
  for (const [change, field, message] of cases) {
    const { status, body } = await ask("POST", "", { ...good, ...change });
    assert.equal(status, 400, JSON.stringify(body));
    assert.equal(body.errors[0].field, field);
    assert.match(body.errors[0].message, message);
  }
  const id = await make({ input: { days: 3 } });
  const faultOf = async (path: string, method: Method, change: object) =>
    (await ask(method, path, change)).body.errors[0].field;
  assert.equal(await faultOf(`/${id}`, "PATCH", { type: "example.nothing" }), "type");
  assert.equal(await faultOf(`/${id}`, "PATCH", { input: { days: "many" } }), "input.days");
  assert.equal(await faultOf("/preview", "POST", { rule: "0 9 * * *", type: "example.nothing" }), "type");
  assert.equal(
    await faultOf("/preview", "POST", { rule: "0 9 * * *", type: "example.work", input: { days: 0 } }),
    "input.days",
  );
  // What was right when it was made may be wrong when it is to go on.
  await admin.query("update tasks.schedules set status = 'paused', type = 'example.gone' where id = $1", [id]);
  assert.equal(await faultOf(`/${id}`, "PATCH", { status: "active" }), "type");
  assert.equal((await ask("PATCH", `/${id}`, { name: "Another" })).status, 200);
  assert.equal((await ask("PATCH", `/${id}`, {})).status, 400);
  assert.equal((await ask("PATCH", `/${id}`, { timezone: "Mars/Olympus" })).body.errors[0].field, "timezone");
  const viewer = await addMember(admin, http.database, tenant, "viewer");
  assert.equal((await ask("GET", `/${id}`, undefined, viewer)).status, 200);
  assert.equal((await ask("POST", "/preview", { rule: "nonsense" }, viewer)).status, 403);
});

test("a run that was worked out for another rule is not stored", async () => {
  const id = await make();
  const client = await adminOf(http.database);
  const racing = Promise.all(
    ["0 7 * * *", "0 8 * * *", "0 9 * * *", "0 10 * * *"].map((rule, index) =>
      ask("PATCH", `/${id}`, index % 2 ? { rule } : { timezone: `Etc/GMT-${index + 1}` }),
    ),
  );
  for (const { status } of await racing) assert.ok([200, 409].includes(status));
  const { rows } = await client.query("select rule, timezone, next_run_at from tasks.schedules where id = $1", [id]);
  const preview = await ask("POST", "/preview", { rule: rows[0].rule, timezone: rows[0].timezone });
  assert.equal(preview.body.runs[0].at, rows[0].next_run_at.toISOString());
});

test("an organization has at most 500 schedules, counted without a race", async () => {
  const other = await createTenant(http.database);
  await admin.query(
    `insert into tasks.schedules (organization_id, name, type, rule, next_run_at)
     select $1, 'S', 'example.work', '0 9 * * *', '2999-01-01' from generate_series(1, 498)`,
    [other.id],
  );
  const payload = { name: "One more", type: "example.work", rule: "0 9 * * *" };
  const url = `/api/organizations/${other.slug}/task-schedules`;
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => http.ask(other.owner, { method: "POST", url, payload })),
  );
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 200, 409, 409, 409]);
});
