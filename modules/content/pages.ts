import { createHash } from "node:crypto";
import type { Document } from "../../kernel/http/route.ts";
import { renderPage } from "../../kernel/markdown/rendering.ts";
import { askPublic, type Caller } from "../../kernel/tenancy/gate.ts";
import {
  FRAME_TAG,
  listHtml,
  missingHtml,
  PAGE_POLICY,
  type Publication,
  type Publications,
  pageHtml,
} from "./page-html.ts";
import { feedXml, sitemapXml } from "./page-xml.ts";

/** How long browsers and proxies may show a page without asking: what is taken off the web is gone after it. */
const KEEP_SECONDS = 60;
const LISTED_MAX = 200;
const FEED_MAX = 50;
/** As many as a sitemap may have. */
const SITEMAP_MAX = 50_000;
/** Most characters of rendered pages that a process keeps. */
const KEPT_LENGTH_MAX = 20_000_000;

const HTML = "text/html; charset=utf-8";

/** What was published at an address, as a page; the same answer of 404 for a page, and an organization, that is not there. */
export async function readPage(
  caller: Caller,
  { organization, page }: { organization: string; page: string },
): Promise<Document> {
  // An address that ends behind the organization's name is that of its list.
  if (page === "") return listPages(caller, { organization });
  const json = await askPublic(caller, "content.read_publication", [organization, page]);
  if (json === null) return missing();
  const home = homeOf(caller, organization);
  const tag = tagOf(json, home);
  return {
    ...open(HTML, tag),
    document: async () => kept.get(tag) ?? keep(tag, await render(JSON.parse(json) as Publication, home)),
  };
}

async function render(page: Publication, home: string): Promise<string> {
  return pageHtml(page, await renderPage(page.content), home);
}

/** The list of what an organization has published. */
export function listPages(caller: Caller, place: { organization: string }): Promise<Document> {
  return listed(caller, place, { most: LISTED_MAX, mediaType: HTML, write: listHtml });
}

/** The addresses of all that an organization has published, for search engines. */
export function readSitemap(caller: Caller, place: { organization: string }): Promise<Document> {
  return listed(caller, place, { most: SITEMAP_MAX, mediaType: "application/xml; charset=utf-8", write: sitemapXml });
}

/** The latest that an organization has published. */
export function readFeed(caller: Caller, place: { organization: string }): Promise<Document> {
  return listed(caller, place, { most: FEED_MAX, mediaType: "application/atom+xml; charset=utf-8", write: feedXml });
}

type Writing = { most: number; mediaType: string; write: (pages: Publications, home: string) => string };

async function listed(
  caller: Caller,
  { organization }: { organization: string },
  { most, mediaType, write }: Writing,
): Promise<Document> {
  const json = await askPublic(caller, "content.list_publications", [organization, most]);
  if (json === null) return missing();
  const home = homeOf(caller, organization);
  return {
    ...open(mediaType, tagOf(json, home)),
    document: async () => write(JSON.parse(json) as Publications, home),
  };
}

function open(mediaType: string, tag: string) {
  return { mediaType, tag, keepSeconds: KEEP_SECONDS, contentSecurityPolicy: PAGE_POLICY };
}

function missing(): Document {
  return { ...open(HTML, FRAME_TAG), keepSeconds: 0, status: 404, document: async () => missingHtml() };
}

function homeOf({ services }: Caller, organization: string): string {
  return `${services.publicUrl}/p/${organization}/`;
}

/** What an answer is made of, and what makes it. */
function tagOf(json: string, home: string): string {
  const made = createHash("sha256").update(home).update("\0").update(json).digest("base64url");
  return `${FRAME_TAG}.${made.slice(0, 22)}`;
}

/** Rendered pages by their tag, the oldest first. A tag names what is in a page, so none is ever out of date. */
const kept = new Map<string, string>();
let keptLength = 0;

function keep(tag: string, page: string): string {
  if (!kept.has(tag)) keptLength += page.length;
  kept.set(tag, page);
  for (const [oldest, text] of kept) {
    if (keptLength <= KEPT_LENGTH_MAX) break;
    kept.delete(oldest);
    keptLength -= text.length;
  }
  return page;
}
