import assert from "node:assert/strict";
import { test } from "node:test";
import {
  admin,
  asLabeler,
  asOwner,
  asReviewer,
  claim,
  claimSome,
  decide,
  figuresOf,
  hire,
  openProject,
  submit,
  waiting,
} from "./labeling.fixture.ts";

test("a label that is not in the set is refused, and the text stays held", async () => {
  const { tenant, project } = await openProject(["a"]);
  const ann = asLabeler(tenant, await hire(tenant, "labeler"));
  const { id } = await claimSome(ann, project);
  await assert.rejects(submit(ann, id, "angry"), { code: "invalid", detail: '"angry" is not in the label set.' });
  assert.equal((await figuresOf(tenant, project)).in_progress, 1);
});

test("what is more than a text is labeled and reviewed as JSON that one can read", async () => {
  const { tenant, project } = await openProject(["a"]);
  await admin.query(
    `update datasets.dataset_items set input = null, input_json = '{"photo": "oak.jpg"}' where organization_id = $1`,
    [tenant.id],
  );
  const ann = asLabeler(tenant, await hire(tenant, "labeler"));
  const { id, text } = await claimSome(ann, project);
  assert.equal(text, '{\n    "photo": "oak.jpg"\n}');
  await submit(ann, id, "glad");
  const [label] = await waiting(asReviewer(tenant, await hire(tenant, "reviewer")), project);
  assert.equal(label?.text, text);
});

test("a label that is sent twice counts once and gives the same next text, at once too", async () => {
  const { tenant, project } = await openProject(["a", "b"]);
  const ann = asLabeler(tenant, await hire(tenant, "labeler"));
  const { id } = await claimSome(ann, project);
  const nexts = await Promise.all([1, 2, 3].map(() => submit(ann, id, "glad")));
  assert.deepEqual(
    nexts.map((next) => next?.text),
    ["b", "b", "b"],
  );
  assert.equal((await figuresOf(tenant, project)).submitted, 1);
  await assert.rejects(submit(ann, id, "sad"), { code: "conflict", detail: "This text is labeled already." });
});

test("a repetition that arrives after the rejection does not submit the label again", async () => {
  const { tenant, project } = await openProject(["a"]);
  const [ann, rita] = [
    asLabeler(tenant, await hire(tenant, "labeler")),
    asReviewer(tenant, await hire(tenant, "reviewer")),
  ];
  const { id } = await claimSome(ann, project);
  await submit(ann, id, "glad");
  const [label] = await waiting(rita, project);
  await decide(rita, label?.id ?? "", { decision: "rejected", reason: "No." });
  const next = await submit(ann, id, "glad");
  assert.deepEqual(next?.rejection, { label_id: label?.id, label: "glad", reason: "No." });
  assert.deepEqual(await waiting(rita, project), []);
});

test("a rejected label comes back to its own labeler only, before anything else", async () => {
  const { tenant, project } = await openProject(["a", "b", "c"]);
  const [ann, bob] = [
    asLabeler(tenant, await hire(tenant, "labeler")),
    asLabeler(tenant, await hire(tenant, "labeler")),
  ];
  const rita = asReviewer(tenant, await hire(tenant, "reviewer"));
  const { id } = await claimSome(ann, project);
  await submit(ann, id, "glad");
  const [label] = await waiting(rita, project);
  await decide(rita, label?.id ?? "", { decision: "rejected", reason: "No." });
  assert.equal((await claimSome(bob, project)).text, "c");
  const back = await claimSome(ann, project);
  assert.deepEqual([back.id, back.rejection?.reason], [id, "No."]);
});

test("nobody reviews their own label, nor finds it in the list", async () => {
  const { tenant, project } = await openProject(["a"]);
  const owner = asOwner(tenant);
  await submit(owner, (await claimSome(owner, project)).id, "glad");
  assert.deepEqual(await waiting(owner, project), []);
  const { rows } = await admin.query<{ id: string }>("select id from labeling.labels where organization_id = $1", [
    tenant.id,
  ]);
  await assert.rejects(decide(owner, rows[0]?.id ?? "", { decision: "approved" }), {
    code: "forbidden",
    detail: "This label is your own.",
  });
});

test("of two reviewers who decide at once, one is told that it is decided", async () => {
  const { tenant, project } = await openProject(["a"]);
  const ann = asLabeler(tenant, await hire(tenant, "labeler"));
  await submit(ann, (await claimSome(ann, project)).id, "glad");
  const reviewers = [await hire(tenant, "reviewer"), await hire(tenant, "reviewer")].map((person) =>
    asReviewer(tenant, person),
  );
  const [label] = await waiting(reviewers[0] ?? ann, project);
  const outcomes = await Promise.allSettled(
    reviewers.map((context) => decide(context, label?.id ?? "", { decision: "approved" })),
  );
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  assert.deepEqual(
    refused.map(({ reason }) => [reason.code, reason.detail]),
    [["conflict", "This label is approved already."]],
  );
  assert.equal(await claim(ann, project), null);
});

test("no state can be skipped, by a superuser either, and the message names what is allowed", async () => {
  const { tenant, project } = await openProject(["a"]);
  const ann = asLabeler(tenant, await hire(tenant, "labeler"));
  await submit(ann, (await claimSome(ann, project)).id, "glad");
  await assert.rejects(
    admin.query("update labeling.labels set status = 'draft' where organization_id = $1", [tenant.id]),
    {
      message: "A label that is submitted cannot become draft",
      hint: "It can become approved or rejected.",
    },
  );
  await assert.rejects(
    admin.query("update labeling.label_revisions set label = 'x' where organization_id = $1", [tenant.id]),
    {
      code: "23001",
    },
  );
});
