import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { nouns, routes } from "../../app.ts";
import { fillIn } from "../../kernel/http/openapi/examples.ts";
import { openEvaluation } from "./evaluation.fixture.ts";

/** A gold answer that is nowhere else. */
const PLANTED = `planted-${randomUUID()}`;

test("a gold answer is in no answer of any endpoint, whoever asks, and in no error", async () => {
  const suite = await openEvaluation();
  suite.work();
  const { owner, slug } = suite.tenant;
  const planted = await suite.plant(PLANTED);
  const ids: Record<string, string> = { organization: slug, ...planted, member: owner.userId };
  const participant = await suite.hire("participant");
  let asked = 0;
  for (const { endpoint } of routes) {
    if (endpoint.method !== "GET" || endpoint.answerMedia === "events" || !endpoint.path.includes(":organization"))
      continue;
    const { query } = fillIn(endpoint.example ?? {}, (name) => ids[name] ?? randomUUID());
    const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? randomUUID());
    const url = query ? `${path}?${new URLSearchParams(query)}` : path;
    for (const person of [owner, suite.manager, participant])
      for (const accept of ["application/json", ...(endpoint.alsoAnswers ?? [])]) {
        const { body } = await suite.http.ask(person, { url, headers: { accept } });
        assert.ok(!body.includes(PLANTED), endpoint.name);
        asked += 1;
      }
  }
  assert.ok(asked > nouns.length * 3, `${asked} requests`);
});
