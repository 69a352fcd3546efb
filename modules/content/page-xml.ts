import { escapeHtml } from "../../kernel/mail/html.ts";
import type { Publications } from "./page-html.ts";

/** XML has no place for most control characters, not even written as numbers. */
const NOT_OF_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** The addresses of an organization's pages as sitemaps.org has it, without those that are not to be listed. */
export function sitemapXml({ items }: Publications, home: string): string {
  const urls = items
    .filter(({ hidden }) => !hidden)
    .map(({ slug, updated_at }) => `<url><loc>${text(home + slug)}</loc><lastmod>${text(updated_at)}</lastmod></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join("\n")}
</urlset>
`;
}

/** The latest pages as an Atom feed (RFC 4287). */
export function feedXml({ organization, items }: Publications, home: string): string {
  const latest = items.reduce((last, { updated_at }) => (updated_at > last ? updated_at : last), "");
  const entries = items.map(
    ({ slug, title, excerpt, published_at, updated_at }) => `<entry>
<id>${text(home + slug)}</id>
<title>${text(title)}</title>
<link href="${text(home + slug)}"/>
<published>${text(published_at)}</published>
<updated>${text(updated_at)}</updated>
${excerpt ? `<summary>${text(excerpt)}</summary>` : ""}
</entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${text(home)}</id>
<title>${text(organization)}</title>
<author><name>${text(organization)}</name></author>
<link href="${text(home)}"/>
<link rel="self" href="${text(`${home}feed.xml`)}"/>
<updated>${text(latest)}</updated>
${entries.join("\n")}
</feed>
`;
}

function text(words: string): string {
  return escapeHtml(words.replaceAll(NOT_OF_XML, ""));
}
