import assert from "node:assert/strict";
import { before, test } from "node:test";
import { callOutside, transaction } from "../../kernel/tenancy/transaction.ts";
import { contextOf, createTenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { openDesk } from "./content.fixture.ts";

let http: TestHttpServer;

before(async () => {
  http = await openTestServer();
});

function read(url: string, headers: Record<string, string> = {}) {
  return http.server.inject({ url, headers });
}

test("a page is written, sent back, reviewed and published; then anybody reads it, and asks whether it has changed", async () => {
  const { tenant, writer, publisher, write, edit, take } = await openDesk(http);
  const { id } = await write();
  const page = `/p/${tenant.slug}/oak`;
  assert.equal((await take(writer, id, "submission")).status, "review");
  assert.deepEqual([(await read(page)).statusCode, (await read(`/p/${tenant.slug}/`)).statusCode], [404, 404]);
  assert.equal((await take(publisher, id, "return", { reason: "Which oil?" })).status, "in_progress");
  const versions = await http.ask(writer, {
    url: `/api/organizations/${tenant.slug}/content/item-versions?item_id=${id}&sort=-number`,
  });
  assert.equal(versions.json().items[0].note, "Which oil?");

  await edit(writer, id, { content: "# Oak\n\nLinseed oil lets the wood *breathe*." });
  await take(writer, id, "submission");
  assert.equal((await take(publisher, id, "approval")).status, "approved");
  assert.equal((await take(publisher, id, "publication")).status, "published");

  const shown = await read(page);
  assert.equal(shown.statusCode, 200, shown.body);
  assert.match(String(shown.headers["content-type"]), /^text\/html/);
  assert.match(shown.body, /<html lang="en-GB">/);
  assert.match(shown.body, /<title>Oiling oak · Test organization<\/title>/);
  assert.match(shown.body, new RegExp(`<link rel="canonical" href="http://tenon.test${page}">`));
  assert.match(shown.body, /<meta name="description" content="How to oil oak">/);
  assert.match(shown.body, /<h1 dir="auto">Why we oil our oak<\/h1>/);
  assert.match(shown.body, /<h2>Oak<\/h2>\n<p>Linseed oil lets the wood <em>breathe<\/em>\.<\/p>/);
  assert.equal(JSON.parse(/ld\+json">(.*?)<\/script>/.exec(shown.body)?.[1] ?? "").headline, "Why we oil our oak");
  assert.match(String(shown.headers["content-security-policy"]), /^default-src 'none'/);
  assert.match(String(shown.headers["cache-control"]), /^public, max-age=\d+$/);
  const again = await read(page, { "if-none-match": `"other", W/${shown.headers.etag}` });
  assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, "", shown.headers.etag]);

  const map = await read(`/p/${tenant.slug}/sitemap.xml`);
  assert.match(map.body, new RegExp(`<loc>http://tenon.test${page}</loc>`));
  assert.match((await read(`/p/${tenant.slug}/feed.xml`)).body, /<title>Why we oil our oak<\/title>/);
  assert.match((await read(`/p/${tenant.slug}/`)).body, />Why we oil our oak<\/a>/);

  assert.equal((await take(publisher, id, "DELETE publication")).status, "in_progress");
  const gone = await read(page, { "if-none-match": String(shown.headers.etag) });
  const unknown = await read(`/p/t-nobody/oak`);
  assert.deepEqual([gone.statusCode, gone.body], [404, unknown.body]);
});

test("what readers see changes only by whoever may publish, whatever others write", async () => {
  const { tenant, writer, publisher, write, edit, take, publish } = await openDesk(http);
  const { id } = await write();
  await publish(id);
  const page = `/p/${tenant.slug}/oak`;
  const { etag } = (await read(page)).headers;

  const { row } = await edit(writer, id, { content: "Buy at my own shop.", slug: "mine", excerpt: "Mine" });
  assert.equal(row.status, "in_progress");
  assert.equal((await read(page)).headers.etag, etag);
  assert.equal((await read(`/p/${tenant.slug}/mine`)).statusCode, 404);
  for (const step of ["approval", "publication", "DELETE publication", "return"])
    assert.equal((await take(writer, id, step, { reason: "x" })).statusCode, 403, step);
  const deleted = await http.ask(writer, {
    method: "DELETE",
    url: `/api/organizations/${tenant.slug}/content/items/${id}`,
  });
  assert.equal(deleted.statusCode, 409);
  // Whoever had the writer's connection could not either.
  const context = contextOf(http.database, tenant, { person: writer, permission: "content.item.write" });
  const attacks = [
    "update content.items set status = 'published'",
    "insert into content.items (organization_id, content_type, name, status) values (kernel.organization_id(), 'page', 'X', 'approved')",
    "update content.publications set slug = 'mine'",
    "update content.item_versions set content = 'Mine'",
    "select content.take_step((select id from content.items), 'publish', null, '')",
  ];
  for (const attack of attacks)
    await assert.rejects(
      transaction(context, (tx) => tx.query(attack)),
      /permission/i,
      attack,
    );

  await take(writer, id, "submission");
  await take(publisher, id, "approval");
  // What was approved is what is published.
  assert.equal((await edit(writer, id, { content: "Something else." })).row.status, "in_progress");
  assert.equal((await take(publisher, id, "publication")).statusCode, 409);
  await publish(id);
  assert.match((await read(`/p/${tenant.slug}/mine`)).body, /Something else/);
  assert.equal((await read(page)).statusCode, 404);
});

test("nothing that somebody writes runs in a reader's browser", async () => {
  const { tenant, write, publish } = await openDesk(http);
  const evil = `"><script>alert(1)</script>`;
  const { id } = await write({
    title: `Title ${evil}`,
    excerpt: `Excerpt ${evil}`,
    seo_meta: { title: `Seo ${evil}`, description: `About </script>${evil}`, lang: `en"><script>`, noindex: "yes" },
    featured_image: "javascript:alert(1)",
    content: [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,x) ![d](javascript:alert(1))",
      '<a href="https://x.example" onclick="alert(1)">raw</a>',
      "`</code><script>alert(1)</script>`",
      "[e]: javascript:alert(1)\n\n[e]",
    ].join("\n\n"),
  });
  await publish(id);
  for (const path of ["oak", "", "feed.xml", "sitemap.xml"]) {
    const { body, statusCode } = await read(`/p/${tenant.slug}/${path}`);
    assert.equal(statusCode, 200, path);
    assert.doesNotMatch(body, /<script>|<img [^>]*src|onerror=|onclick=|javascript:|data:text/i, path);
    assert.equal(body.match(/<script/g)?.length ?? 0, path === "oak" ? 1 : 0);
    assert.equal(body.match(/<\/script/g)?.length ?? 0, path === "oak" ? 1 : 0);
  }
});

test("an organization's pages are its own, and the public's connection sees nothing but what is published", async () => {
  const [one, other] = [await openDesk(http), await openDesk(http)];
  const { id } = await one.write({ content: "Ours" });
  await one.publish(id);
  assert.equal((await read(`/p/${other.tenant.slug}/oak`)).statusCode, 404);
  assert.equal((await other.take(other.publisher, id, "DELETE publication")).statusCode, 404);
  const outsider = await createTenant(http.database);
  const { statusCode } = await http.ask(outsider.owner, {
    method: "POST",
    url: `/api/organizations/${one.tenant.slug}/content/items/${id}/submission`,
  });
  assert.equal(statusCode, 404);
  for (const table of ["items", "item_versions", "publications"])
    await assert.rejects(callOutside(http.database, "public", `select * from content.${table}`), /permission denied/);
});
