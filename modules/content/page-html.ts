import { createHash } from "node:crypto";
import { escapeHtml } from "../../kernel/mail/html.ts";
import type { SeoMeta } from "./contract.ts";

/** What an organization has published at an address. */
export type Publication = {
  organization: string;
  type: string;
  slug: string;
  title: string;
  content: string;
  excerpt: string | null;
  image: string | null;
  seo: unknown;
  published_at: string;
  updated_at: string;
};

/** What an organization has published, newest first. */
export type Publications = {
  organization: string;
  items: {
    slug: string;
    title: string;
    excerpt: string | null;
    /** Whether search engines are asked not to list it. */
    hidden: boolean | null;
    published_at: string;
    updated_at: string;
  }[];
};

const ADDRESS_LENGTH_MAX = 2_000;

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --paper: #fff; --line: #d8dee4; --soft: #f6f8fa; --link: #0b5fb0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --quiet: #9aa4ae; --paper: #15181c; --line: #343a41; --soft: #1f242a; --link: #79b8ff; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.125rem/1.65 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif; overflow-wrap: break-word; }
header, main, footer { max-width: 42rem; margin: 0 auto; padding: 0 1.25rem; }
header, footer, nav, .when { font: 0.9375rem/1.5 system-ui, sans-serif; color: var(--quiet); }
header { padding-top: 1.5rem; }
footer { margin-top: 4rem; padding-top: 1rem; padding-bottom: 2rem; border-top: 1px solid var(--line); }
h1, h2, h3, h4, h5, h6 { font-family: system-ui, sans-serif; line-height: 1.25; margin: 2em 0 0.6em; text-wrap: balance; }
h1 { font-size: clamp(1.75rem, 6vw, 2.5rem); margin: 1.2em 0 0.3em; letter-spacing: -0.01em; }
h2 { font-size: 1.5rem; } h3 { font-size: 1.2rem; } h4, h5, h6 { font-size: 1rem; }
p, ul, ol, blockquote, pre, table, dl { margin: 0 0 1.1em; }
.lead { font-size: 1.25rem; color: var(--quiet); }
a { color: var(--link); text-underline-offset: 0.15em; }
header a, h2 a { color: inherit; text-decoration: none; } header a:hover, h2 a:hover { text-decoration: underline; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
img { max-width: 100%; height: auto; border-radius: 4px; }
blockquote { margin-left: 0; padding-left: 1.1em; border-left: 3px solid var(--line); color: var(--quiet); }
code { font: 0.875em ui-monospace, SFMono-Regular, Menlo, monospace; background: var(--soft); padding: 0.15em 0.35em; border-radius: 4px; }
pre { background: var(--soft); padding: 1em; border-radius: 6px; overflow-x: auto; } pre code { background: none; padding: 0; }
pre.plain { white-space: pre-wrap; background: none; padding: 0; font: inherit; }
table { display: block; overflow-x: auto; border-collapse: collapse; font-size: 0.9375rem; }
th, td { border: 1px solid var(--line); padding: 0.4em 0.7em; text-align: start; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em 0; }
ul.contains-task-list { list-style: none; padding-left: 0.5em; }
ol.pages { list-style: none; padding: 0; } ol.pages h2 { margin: 1.5em 0 0.2em; } ol.pages p { margin: 0; }
@media print { header, footer { display: none; } body { font-size: 11pt; } }
`;

/** A page runs nothing and sends nothing; pictures may come from anywhere that is encrypted. */
export const PAGE_POLICY = `default-src 'none'; img-src https: data:; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

type Frame = { lang: string; title: string; head: string; organization: string; home: string; body: string };

function frame({ lang, title, head, organization, home, body }: Frame): string {
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
${head}
<style>${STYLE}</style>
</head>
<body>
<header><a href="${escapeHtml(home)}">${escapeHtml(organization)}</a></header>
<main>
${body}
</main>
<footer><a href="${escapeHtml(`${home}feed.xml`)}">Feed</a></footer>
</body>
</html>
`;
}

/** Tells by another value that the pages' own words or looks have changed. */
export const FRAME_TAG = createHash("sha256")
  .update(frame({ lang: "", title: "", head: "", organization: "", home: "", body: "" }))
  .digest("base64url")
  .slice(0, 8);

/** A page for readers: `html` is its text, rendered and safe; undefined where it could not be. `home` is the address of the organization's pages. */
export function pageHtml(page: Publication, html: string | undefined, home: string): string {
  const told = toldOf(page, home);
  const { image, lang } = told;
  const body = [
    "<article>",
    `<h1 dir="auto">${escapeHtml(page.title)}</h1>`,
    ...(page.excerpt ? [`<p class="lead" dir="auto">${escapeHtml(page.excerpt)}</p>`] : []),
    `<p class="when">${when(page.published_at, lang)}</p>`,
    ...(image ? [`<p><img src="${escapeHtml(image)}" alt=""></p>`] : []),
    html ?? `<pre class="plain">${escapeHtml(page.content)}</pre>`,
    "</article>",
  ].join("\n");
  const { organization } = page;
  return frame({
    lang,
    title: `${told.title} · ${organization}`,
    head: headOf(page, told, home),
    organization,
    home,
    body,
  });
}

/** What others are told of a page. */
type Told = {
  title: string;
  description: string;
  lang: string;
  image: string | undefined;
  address: string;
  noindex: boolean;
};

function toldOf(page: Publication, home: string): Told {
  const { title, description, lang, noindex } = seoOf(page.seo);
  return {
    title: title || page.title,
    description: description || page.excerpt || "",
    lang: lang ?? "en",
    image: pictureOf(page.image),
    address: `${home}${page.slug}`,
    noindex: noindex ?? false,
  };
}

function headOf(page: Publication, { title, description, lang, image, address, noindex }: Told, home: string): string {
  const facts = {
    "@context": "https://schema.org",
    "@type": page.type === "blog_post" || page.type === "newsletter" ? "BlogPosting" : "Article",
    headline: page.title,
    ...(description && { description }),
    ...(image && { image }),
    datePublished: page.published_at,
    dateModified: page.updated_at,
    inLanguage: lang,
    mainEntityOfPage: address,
    publisher: { "@type": "Organization", name: page.organization },
  };
  return [
    `<link rel="canonical" href="${escapeHtml(address)}">`,
    feedLink(page.organization, home),
    ...(description ? [meta("name", "description", description), meta("property", "og:description", description)] : []),
    ...(noindex ? [meta("name", "robots", "noindex")] : []),
    meta("property", "og:type", "article"),
    meta("property", "og:title", title),
    meta("property", "og:url", address),
    meta("property", "og:site_name", page.organization),
    ...(image ? [meta("property", "og:image", image)] : []),
    meta("name", "twitter:card", image ? "summary_large_image" : "summary"),
    `<script type="application/ld+json">${JSON.stringify(facts).replaceAll("<", "\\u003c")}</script>`,
  ].join("\n");
}

/** The list of an organization's pages. */
export function listHtml({ organization, items }: Publications, home: string): string {
  const rows = items.map(
    ({ slug, title, excerpt, published_at }) => `<li>
<h2 dir="auto"><a href="${escapeHtml(home + slug)}">${escapeHtml(title)}</a></h2>
<p class="when">${when(published_at)}</p>
${excerpt ? `<p dir="auto">${escapeHtml(excerpt)}</p>` : ""}</li>`,
  );
  const body = `<h1 dir="auto">${escapeHtml(organization)}</h1>\n<ol class="pages">\n${rows.join("\n")}\n</ol>`;
  const head = `<link rel="canonical" href="${escapeHtml(home)}">\n${feedLink(organization, home)}`;
  return frame({ lang: "en", title: organization, head, organization, home, body });
}

/** What stands where nothing is published. It tells nothing of what there may be. */
export function missingHtml(): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Nothing here</title><meta name="robots" content="noindex"><style>${STYLE}</style></head>
<body><main><h1>Nothing here</h1><p>There is no page at this address. It may have moved, or have been taken down.</p></main></body>
</html>
`;
}

/** What search engines are told, as far as it is of the known form: whoever imported it may have written anything. */
function seoOf(seo: unknown): SeoMeta {
  const { title, description, lang, noindex } = (typeof seo === "object" && seo !== null ? seo : {}) as Record<
    string,
    unknown
  >;
  return {
    ...(typeof title === "string" && { title }),
    ...(typeof description === "string" && { description }),
    ...(typeof lang === "string" && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(lang) && { lang }),
    ...(noindex === true && { noindex }),
  };
}

function pictureOf(address: string | null): string | undefined {
  const isPicture = address !== null && /^https:\/\//.test(address) && URL.canParse(address);
  return isPicture && address.length <= ADDRESS_LENGTH_MAX ? address : undefined;
}

function meta(kind: "name" | "property", name: string, content: string): string {
  return `<meta ${kind}="${name}" content="${escapeHtml(content)}">`;
}

function feedLink(organization: string, home: string): string {
  return `<link rel="alternate" type="application/atom+xml" title="${escapeHtml(organization)}" href="${escapeHtml(`${home}feed.xml`)}">`;
}

function when(moment: string, lang = "en"): string {
  const words = new Intl.DateTimeFormat(languageOf(lang), { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(moment),
  );
  return `<time datetime="${escapeHtml(moment)}">${escapeHtml(words)}</time>`;
}

function languageOf(lang: string): string {
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? "en";
  } catch {
    return "en";
  }
}
