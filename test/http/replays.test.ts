import assert from "node:assert/strict";
import { before, test } from "node:test";
import { nouns, routes } from "../../app.ts";
import { adminOf } from "../harness.ts";
import { requestOf } from "./requests.ts";
import { openTestServer, type TestHttpServer } from "./server.ts";
import { makeWorld, type World } from "./world.ts";

let http: TestHttpServer;
let world: World;

before(async () => {
  http = await openTestServer();
  world = await makeWorld(http, await adminOf(http.database));
});

/** Nouns have the same operations, all of them: kernel/http/idempotency.test.ts sends one's again. */
const isOfNoun = (operation: string) => nouns.some(({ name }) => operation.startsWith(`${name}.`));
const endpoints = routes
  .filter((route) => route.kind === "member")
  .map((route) => route.endpoint)
  .filter(({ method, bodyMedia, answerMedia }) => method !== "GET" && bodyMedia === "json" && answerMedia === "json")
  .filter(({ name }) => !isOfNoun(name));

/** What is refused in this world, or by what an earlier test did to it; a request that is refused is not kept. */
const REFUSED = [
  ...[
    "slug.change",
    "organization.delete",
    "ownership.transfer",
    "member.set_roles",
    "member.set_exceptions",
    "role.delete",
  ],
  ...["invitation.resend", "domain.verify"],
]
  .map((name) => `organizations.${name}`)
  .concat(["task.update", "workflow.cancel", "approval.take", "approval.hand_over"].map((name) => `tasks.${name}`))
  .concat(
    "labeling.label.submit",
    "imports.import.cancel",
    "studio.person.set",
    "commerce.store.connect",
    "content.product_description.write",
  );
/** Whose work it is. */
const OF_LABELERS = ["labeling.task.claim", "labeling.task.renew", "labeling.task.release", "labeling.label.submit"];

for (const endpoint of endpoints) {
  test(`${endpoint.name} answers the same when it is sent again under its key, and says so`, async () => {
    const person = OF_LABELERS.includes(endpoint.name) ? world.labeler : world.tenant.owner;
    const request = requestOf(endpoint, world.ids);
    const ask = () =>
      http.ask(person, { ...request, headers: { ...request.headers, "idempotency-key": endpoint.name } });
    const [first, second] = [await ask(), await ask()];
    assert.equal(first.statusCode >= 400, REFUSED.includes(endpoint.name), first.body);
    if (first.statusCode >= 400) return assert.equal(second.headers["idempotent-replayed"], undefined);
    if (endpoint.answersOnce) return assert.equal(second.statusCode, 409);
    assert.equal(second.headers["idempotent-replayed"], "true");
    assert.deepEqual([second.statusCode, second.body], [first.statusCode, first.body]);
  });
}
