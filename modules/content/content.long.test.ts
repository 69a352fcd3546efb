import assert from "node:assert/strict";
import { before, test } from "node:test";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { openDesk } from "./content.fixture.ts";

let http: TestHttpServer;

before(async () => {
  http = await openTestServer();
});

test("a step is taken from where it can be, and the refusal says so", async () => {
  const { writer, publisher, write, take } = await openDesk(http);
  const { id } = await write({ slug: null });
  assert.equal((await take(publisher, id, "approval")).hint, "It can where it is review.");
  assert.equal((await take(publisher, id, "publication")).statusCode, 409);
  await take(writer, id, "submission");
  const incomplete = await take(publisher, id, "publication");
  assert.deepEqual(
    [incomplete.statusCode, incomplete.hint],
    [400, "Fill in what is missing, and send it to review again."],
  );
  assert.equal((await take(publisher, id, "return", { reason: " " })).statusCode, 400);
  assert.equal((await take(writer, id, "archive")).status, "archived");
  assert.equal((await take(writer, id, "submission")).statusCode, 409);
  assert.equal((await take(writer, id, "reopening")).status, "draft");
  assert.equal((await take(publisher, id, "DELETE publication")).statusCode, 409);
});

test("a judgment is of the text that was read: another version is refused", async () => {
  const { tenant, publisher, writer, write, take, edit } = await openDesk(http);
  const { id } = await write();
  await take(writer, id, "submission");
  const seen = (await edit(writer, id, { name: "Oak, renamed" })).row.version;
  await edit(writer, id, { name: "Oak, renamed again" });
  const url = `/api/organizations/${tenant.slug}/content/items/${id}/approval`;
  const old = await http.ask(publisher, { method: "POST", url, headers: { "if-match": `"${seen}"` } });
  assert.deepEqual([old.statusCode, old.json().code], [412, "changed_meanwhile"]);
  const now = await http.ask(publisher, { method: "POST", url, headers: { "if-match": `"${seen + 1}"` } });
  assert.equal(now.statusCode, 200, now.body);
});

test("an earlier version is restored as a new one, and readers go on seeing what was published", async () => {
  const { tenant, writer, write, edit, take, publish } = await openDesk(http);
  const { id } = await write();
  await edit(writer, id, { content: "The second", slug: "second" });
  await publish(id);
  const restored = await take(writer, id, "restored-version", { number: 1 });
  assert.equal(restored.status, "in_progress");
  const url = `/api/organizations/${tenant.slug}/content/items/${id}`;
  const { content, slug } = (await http.ask(writer, { url })).json();
  assert.deepEqual([content, slug], ["# Oak\n\nOil lets the wood *breathe*.", "oak"]);
  assert.match((await http.server.inject({ url: `/p/${tenant.slug}/second` })).body, /The second/);
  assert.equal((await take(writer, id, "restored-version", { number: 99 })).statusCode, 404);
});

test("one address has one page, also where two are published at once", async () => {
  const { tenant, writer, publisher, write, take } = await openDesk(http);
  const items = [await write({ content: "One" }), await write({ content: "Two", content_type: "page" })];
  for (const { id } of items) await take(writer, id, "submission");
  const codes = (await Promise.all(items.map(({ id }) => take(publisher, id, "publication")))).map(
    ({ statusCode }) => statusCode,
  );
  assert.deepEqual(codes.toSorted(), [200, 409]);
  assert.equal((await http.server.inject({ url: `/p/${tenant.slug}/oak` })).statusCode, 200);
});

test("a text that would take for ever, or that is nested too deep, is shown as it was written", async () => {
  const { tenant, write, publish } = await openDesk(http);
  const deep = await write({ slug: "deep", content: `${">".repeat(100_000)}a <b>` });
  await publish(deep.id);
  const { body, statusCode } = await http.server.inject({ url: `/p/${tenant.slug}/deep` });
  assert.equal(statusCode, 200);
  assert.match(body, /<pre class="plain">(&gt;)+a &lt;b&gt;<\/pre>/);
  const slow = await write({ slug: "slow", content_type: "page", content: " - a\n".repeat(39_000) });
  await publish(slow.id);
  const [page, health] = await Promise.all([
    http.server.inject({ url: `/p/${tenant.slug}/slow` }),
    http.server.inject({ url: "/healthz" }),
  ]);
  assert.match(page.body, /<pre class="plain"> - a/);
  assert.equal(health.statusCode, 200);
  // The next text is rendered as ever.
  const next = await write({ slug: "next", content_type: "documentation", content: "Fine *again*." });
  await publish(next.id);
  assert.match((await http.server.inject({ url: `/p/${tenant.slug}/next` })).body, /<em>again<\/em>/);
});

test("what is not to be listed is read by its address, and left out of the sitemap; the list needs no slash", async () => {
  const { tenant, write, publish } = await openDesk(http);
  const { id } = await write({ seo_meta: { noindex: true } });
  await publish(id);
  assert.match((await http.server.inject({ url: `/p/${tenant.slug}/oak` })).body, /name="robots" content="noindex"/);
  assert.doesNotMatch((await http.server.inject({ url: `/p/${tenant.slug}/sitemap.xml` })).body, /oak/);
  const start = await http.server.inject({ url: `/p/${tenant.slug}` });
  assert.deepEqual([start.statusCode, start.body.includes("/oak")], [200, true]);
  const wrong = await http.server.inject({ method: "POST", url: `/p/${tenant.slug}/oak` });
  assert.equal(wrong.statusCode, 405);
});
