import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { roleName } from "../../kernel/database/roles.ts";
import { openAdmin, type Person, type Tenant, testServer } from "../../test/harness.ts";
import {
  admin,
  asLabeler,
  asOwner,
  claim,
  claimSome,
  endLease,
  figuresOf,
  hire,
  hireMany,
  openProject,
  parse,
  submit,
} from "./labeling.fixture.ts";
import { chunksOf, insertTexts, releaseTask, renewLease } from "./tasks.ts";

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `text ${index + 1}`);
}

/** Whether a labeler waits for a lock that another transaction holds. */
async function isLabelerWaiting(): Promise<boolean> {
  const { rowCount } = await admin.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and usename = $1`,
    [roleName(testServer.prefix, "own")],
  );
  return rowCount !== 0;
}

/** Labels until nothing is left, and returns the ids of the tasks that were given. */
async function labelAll(tenant: Tenant, person: Person, project: string): Promise<string[]> {
  const context = asLabeler(tenant, person);
  const tasks: string[] = [];
  let assignment = await claim(context, project);
  while (assignment) {
    tasks.push(assignment.task_id);
    assignment = await submit(context, assignment.id, "glad");
  }
  return tasks;
}

test("twenty labelers at once get each of 200 texts exactly once", async () => {
  const { tenant, project } = await openProject(numbered(200));
  const labelers = await hireMany(tenant, "labeler", 20);
  const given = (await Promise.all(labelers.map((person) => labelAll(tenant, person, project)))).flat();
  assert.equal(given.length, 200);
  assert.equal(new Set(given).size, 200);
});

test("with an overlap of three, each text goes to three different people, at once too", async () => {
  const { tenant, project } = await openProject(numbered(30), 3);
  const labelers = await hireMany(tenant, "labeler", 5);
  const given = await Promise.all(labelers.map((person) => labelAll(tenant, person, project)));
  for (const tasks of given) assert.equal(new Set(tasks).size, tasks.length, "nobody gets a text twice");
  assert.equal(given.flat().length, 90);
  assert.equal((await figuresOf(tenant, project)).submitted, 30);
});

test("one labeler alone labels each text once, whatever the overlap", async () => {
  const { tenant, project } = await openProject(numbered(4), 3);
  const [person] = await hireMany(tenant, "labeler", 1);
  assert.ok(person);
  assert.equal((await labelAll(tenant, person, project)).length, 4);
  const { in_progress, submitted } = await figuresOf(tenant, project);
  assert.deepEqual({ in_progress, submitted }, { in_progress: 4, submitted: 0 });
});

test("of two labels that complete a text at once, the second sees the first", async () => {
  const { tenant, project } = await openProject(["a"], 2);
  const [ann, bob] = (await hireMany(tenant, "labeler", 2)).map((person) => asLabeler(tenant, person));
  assert.ok(ann && bob);
  const [{ id: first }, { id: second }] = [await claimSome(ann, project), await claimSome(bob, project)];
  const other = await openAdmin();
  await other.query("begin");
  await other.query("update labeling.assignments set status = 'submitted', lease_expires_at = null where id = $1", [
    first,
  ]);
  let isDone = false;
  const submitting = submit(bob, second, "glad").finally(() => {
    isDone = true;
  });
  while (!isDone && !(await isLabelerWaiting())) await setImmediate();
  await other.query("commit");
  await submitting;
  assert.equal((await figuresOf(tenant, project)).submitted, 1);
});

test("two labelers who go on to each other's texts at once do not wait for each other for ever", async () => {
  const projects = [];
  for (let count = 0; count < 15; count++) projects.push(await openProject(["a", "b"], 2));
  const pairs = [];
  for (const { tenant, project } of projects) {
    const people = await hireMany(tenant, "labeler", 2);
    for (const context of people.map((person) => asLabeler(tenant, person))) {
      pairs.push({ context, assignment: await claimSome(context, project) });
    }
  }
  const nexts = await Promise.all(pairs.map(({ context, assignment }) => submit(context, assignment.id, "glad")));
  assert.equal(nexts.filter((next) => next === null).length, 0);
});

test("a person who asks in several windows at once gets no text twice, and no error", async () => {
  const { tenant, project } = await openProject(numbered(3), 3);
  const context = asLabeler(tenant, await hire(tenant, "labeler"));
  const held = await Promise.all(Array.from({ length: 6 }, () => claimSome(context, project)));
  assert.equal(new Set(held.map(({ id }) => id)).size, 1, "what one holds is given again");
});

test("texts are given in their order, and who asks again gets what they hold", async () => {
  const { tenant, project } = await openProject(numbered(3));
  const [ann, bob] = (await hireMany(tenant, "labeler", 2)).map((person) => asLabeler(tenant, person));
  assert.ok(ann && bob);
  const first = await claimSome(ann, project);
  assert.equal(first.text, "text 1");
  assert.equal((await claimSome(ann, project)).id, first.id);
  assert.equal((await claimSome(bob, project)).text, "text 2");
});

test("a text whose lease ran out goes to the next who asks, and is lost to who held it", async () => {
  const { tenant, project } = await openProject(["a"]);
  const [ann, bob] = (await hireMany(tenant, "labeler", 2)).map((person) => asLabeler(tenant, person));
  assert.ok(ann && bob);
  const { id } = await claimSome(ann, project);
  assert.equal(await claim(bob, project), null);
  await endLease(id);
  assert.equal((await claimSome(bob, project)).id, id);
  await assert.rejects(renewLease(ann, { assignment: id }), { code: "conflict" });
  await assert.rejects(releaseTask(ann, { assignment: id }), { code: "conflict" });
  await assert.rejects(submit(ann, id, "glad"), { code: "conflict", detail: "You no longer hold this text." });
  assert.equal(await submit(bob, id, "sad"), null);
});

test("a lease that ran out while nobody else asked is still good", async () => {
  const { tenant, project } = await openProject(["a"]);
  const ann = asLabeler(tenant, await hire(tenant, "labeler"));
  const { id } = await claimSome(ann, project);
  await endLease(id);
  const { lease_expires_at } = parse<{ lease_expires_at: string }>(await renewLease(ann, { assignment: id }));
  assert.ok(new Date(lease_expires_at) > new Date());
  await endLease(id);
  assert.equal(await submit(ann, id, "glad"), null);
});

test("a text that is given back goes to the next who asks", async () => {
  const { tenant, project } = await openProject(["a"]);
  const [ann, bob] = (await hireMany(tenant, "labeler", 2)).map((person) => asLabeler(tenant, person));
  assert.ok(ann && bob);
  const { id } = await claimSome(ann, project);
  await releaseTask(ann, { assignment: id });
  assert.equal((await figuresOf(tenant, project)).pending, 1);
  assert.equal((await claimSome(bob, project)).id, id);
});

test("ten thousand texts are added whole and in order, behind those that are there", async () => {
  const { tenant, project } = await openProject(["first"]);
  assert.deepEqual(await insertTexts(asOwner(tenant), { project, texts: numbered(10_000) }), { imported: 10_000 });
  const { rows } = await admin.query(
    `select count(*)::int as texts, min(position)::int as first, max(position)::int as last,
            bool_and(input = case position when 1 then 'first' else 'text ' || position - 1 end) as ordered
     from datasets.dataset_items where organization_id = $1`,
    [tenant.id],
  );
  assert.deepEqual(rows, [{ texts: 10_001, first: 1, last: 10_001, ordered: true }]);
  const { total, pending } = await figuresOf(tenant, project);
  assert.deepEqual({ total, pending }, { total: 10_001, pending: 10_001 });
});

test("one text that cannot be stored keeps all of them out", async () => {
  const { tenant, project } = await openProject([]);
  await assert.rejects(insertTexts(asOwner(tenant), { project, texts: [...numbered(6_000), "nul \0"] }), {
    code: "22021",
  });
  assert.equal((await figuresOf(tenant, project)).total, 0);
});

test("two imports at once get places of their own", async () => {
  const { tenant, project } = await openProject([]);
  await Promise.all([1, 2, 3].map(() => insertTexts(asOwner(tenant), { project, texts: numbered(50) })));
  assert.equal((await figuresOf(tenant, project)).total, 150);
});

test("an import keeps nobody from labeling", async () => {
  const { tenant, project } = await openProject(["a"]);
  const ann = asLabeler(tenant, await hire(tenant, "labeler"));
  await admin.query("begin");
  await admin.query(
    `with item as (
       insert into datasets.dataset_items (organization_id, dataset_id, position, input)
       select organization_id, dataset_id, 2, 'b' from labeling.configurations where project_id = $1 returning organization_id, id)
     insert into labeling.tasks (organization_id, project_id, item_id, position) select organization_id, $1, id, 2 from item`,
    [project],
  );
  try {
    assert.equal(await submit(ann, (await claimSome(ann, project)).id, "glad"), null);
  } finally {
    await admin.query("commit");
  }
  const { total, pending, submitted } = await figuresOf(tenant, project);
  assert.deepEqual({ total, pending, submitted }, { total: 2, pending: 1, submitted: 1 });
});

test("chunks keep the order, and end at the limits of texts and of characters", () => {
  assert.deepEqual([...chunksOf([])], []);
  assert.deepEqual(
    [...chunksOf(numbered(12_000))].map((chunk) => chunk.length),
    [5_000, 5_000, 2_000],
  );
  const long = "x".repeat(3_000_000);
  assert.deepEqual([...chunksOf([long, long, "a"])], [[long], [long, "a"]]);
});
