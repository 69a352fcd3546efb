import assert from "node:assert/strict";
import { text as textOf } from "node:stream/consumers";
import { test } from "node:test";
import { contextOf, type Tenant } from "../../test/harness.ts";
import { Assignment, Figures, LabelToReview, Project } from "./contract.ts";
import {
  admin,
  asLabeler,
  asOwner,
  asReviewer,
  claim,
  claimSome,
  database,
  decide,
  figuresOf,
  hire,
  MOODS,
  openProject,
  parse,
  submit,
  waiting,
} from "./labeling.fixture.ts";
import { createProject, listProjects, readProject } from "./projects.ts";
import { exportResults } from "./results.ts";

test("a text is labeled, sent back with a reason, labeled again, approved, counted and taken out", async () => {
  const { tenant, project } = await openProject(["Hooray!", "Alas."]);
  const [ann, rita] = [await hire(tenant, "labeler"), await hire(tenant, "reviewer")];
  const [labeler, reviewer] = [asLabeler(tenant, ann), asReviewer(tenant, rita)];

  const first = Assignment.parse(await claim(labeler, project));
  assert.equal(first.text, "Hooray!");
  const second = await submit(labeler, first.id, "sad");
  assert.equal(second?.text, "Alas.");
  const [label] = await waiting(reviewer, project);
  assert.deepEqual(
    { ...LabelToReview.parse(label), id: 0, submitted_at: 0 },
    {
      id: 0,
      text: "Hooray!",
      label: "sad",
      labeler: "A Person",
      submitted_at: 0,
      rework: 0,
    },
  );
  await decide(reviewer, label?.id ?? "", { decision: "rejected", reason: "It is a shout of joy." });
  assert.deepEqual(await figuresOf(tenant, project), {
    total: 2,
    pending: 0,
    in_progress: 1,
    submitted: 0,
    approved: 0,
    rejected: 1,
    approved_rate: 0,
    average_rework: 1,
  });

  const back = await submit(labeler, second?.id ?? "", "neither");
  assert.deepEqual(back, {
    ...first,
    lease_expires_at: back?.lease_expires_at,
    rejection: { label_id: back?.rejection?.label_id, label: "sad", reason: "It is a shout of joy." },
  });
  assert.equal(await submit(labeler, first.id, "glad"), null);
  for (const { id } of await waiting(reviewer, project)) await decide(reviewer, id, { decision: "approved" });

  assert.deepEqual(Figures.parse(await figuresOf(tenant, project)), {
    total: 2,
    pending: 0,
    in_progress: 0,
    submitted: 0,
    approved: 2,
    rejected: 0,
    approved_rate: 1,
    average_rework: 0.5,
  });
  await assertResults(tenant, project);
  await assertRecord(tenant);
});

async function assertResults(tenant: Tenant, project: string): Promise<void> {
  const { stream, fileName } = await exportResults(asOwner(tenant), { project, format: "jsonl" });
  const lines = (await textOf(stream))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(fileName, "Moods.jsonl");
  assert.deepEqual(
    lines.map(({ position, text, label, rework, lead_time_ms }) => [position, text, label, rework, lead_time_ms]),
    [
      [1, "Hooray!", "glad", 1, 1600],
      [2, "Alas.", "neither", 0, 800],
    ],
  );
}

async function assertRecord(tenant: Tenant): Promise<void> {
  const { rows } = await admin.query<{ what: string }>(
    "select distinct action || ' ' || resource_type as what from audit.audit_logs where organization_id = $1 and resource_type ~ '^labeling' order by 1",
    [tenant.id],
  );
  assert.deepEqual(
    rows.map(({ what }) => what),
    [
      "insert labeling.choices",
      "insert labeling.configurations",
      "insert labeling.labels",
      "insert labeling.reviews",
      "insert labeling.tasks",
      "update labeling.labels",
    ],
  );
}

test("every revision of a label is kept", async () => {
  const { tenant, project } = await openProject(["Hooray!"]);
  const [labeler, reviewer] = [
    asLabeler(tenant, await hire(tenant, "labeler")),
    asReviewer(tenant, await hire(tenant, "reviewer")),
  ];
  for (const label of ["sad", "neither", "glad"]) {
    await submit(labeler, (await claimSome(labeler, project)).id, label);
    const [submitted] = await waiting(reviewer, project);
    await decide(
      reviewer,
      submitted?.id ?? "",
      label === "glad" ? { decision: "approved" } : { decision: "rejected", reason: "No." },
    );
  }
  const { rows } = await admin.query(
    "select revision, label from labeling.label_revisions where organization_id = $1 order by revision",
    [tenant.id],
  );
  assert.deepEqual(rows, [
    { revision: 1, label: "sad" },
    { revision: 2, label: "neither" },
    { revision: 3, label: "glad" },
  ]);
});

test("a project is what the contract says, for who sets it up and for a labeler", async () => {
  const { tenant, project } = await openProject([]);
  const labeler = { person: await hire(tenant, "labeler"), role: "own" as const, permission: "labeling.project.read" };
  const seen = parse<unknown>(await readProject(contextOf(database, tenant, labeler), { project }));
  const { name, instructions, labels } = Project.parse(seen);
  assert.deepEqual({ name, instructions, labels }, MOODS);
  const newer = Project.parse(parse(await createProject(asOwner(tenant), { ...MOODS, name: "Newer" })));
  const list = parse<{ items: unknown[] }>(await listProjects(contextOf(database, tenant, labeler)));
  assert.deepEqual(list.items, [newer, seen]);
});

test("an unlabeled project has figures, and rates that are unknown", async () => {
  const { tenant, project } = await openProject(["a", "b"]);
  assert.deepEqual(await figuresOf(tenant, project), {
    total: 2,
    pending: 2,
    in_progress: 0,
    submitted: 0,
    approved: 0,
    rejected: 0,
    approved_rate: null,
    average_rework: null,
  });
});

test("what is another organization's is not found, like what does not exist", async () => {
  const theirs = await openProject(["a"]);
  const ours = await openProject(["a"]);
  const labeler = asLabeler(ours.tenant, await hire(ours.tenant, "labeler"));
  const reviewer = asReviewer(ours.tenant, await hire(ours.tenant, "reviewer"));
  const theirLabeler = asLabeler(theirs.tenant, await hire(theirs.tenant, "labeler"));
  const { id: assignment } = await claimSome(theirLabeler, theirs.project);
  await submit(theirLabeler, assignment, "glad");
  const { rows } = await admin.query<{ id: string }>("select id from labeling.labels where organization_id = $1", [
    theirs.tenant.id,
  ]);
  const owner = asOwner(ours.tenant);
  for (const work of [
    () => readProject(owner, { project: theirs.project }),
    () => exportResults(owner, { project: theirs.project, format: "csv" }),
    () => claim(labeler, theirs.project),
    () => submit(labeler, assignment, "glad"),
    () => waiting(reviewer, theirs.project),
    () => decide(reviewer, rows[0]?.id ?? "", { decision: "approved" }),
  ]) {
    await assert.rejects(work, { code: "not_found", detail: undefined });
  }
});

test("whoever lacks the permission to label gets no text, even through another permission", async () => {
  const { tenant, project } = await openProject(["a"]);
  const viewer = contextOf(database, tenant, { person: await hire(tenant, "viewer") });
  await assert.rejects(claim(viewer, project), { code: "forbidden" });
});
