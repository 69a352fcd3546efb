import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const ITEM = "/api/organizations/:organization/content/items/:item";
const PAGES = "/p/:organization";
/** A version of content has a number of at most this. */
const VERSIONS_MAX = 2_147_483_647;

export const REASON_LENGTH_MAX = 1_000;
/** What search engines show of a title and a description; longer ones are cut off there. */
export const SEO_TITLE_LENGTH = 60;
export const SEO_DESCRIPTION_LENGTH = 160;

const OfItem = z.object({ organization: z.string(), item: z.uuid() });
const OfPages = z.object({ organization: z.string() });

/** Where content stands. */
export const Status = z.enum(["draft", "in_progress", "review", "approved", "published", "archived"]);
export type Status = z.infer<typeof Status>;

/** What search engines and other sites are told of a page; what is left out is taken from the page itself. */
export const SeoMeta = z.object({
  title: z.string().max(300).optional(),
  description: z.string().max(1_000).optional(),
  /** The language of the text, such as `en` or `pt-BR`. */
  lang: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .optional(),
  /** Whether search engines are asked not to list it. */
  noindex: z.boolean().optional(),
});
export type SeoMeta = z.infer<typeof SeoMeta>;

/** Content after a step; `version` is its ETag. */
const Taken = z.object({ id: z.uuid(), status: Status, version: z.int() });

export const submitForReview = endpoint({
  name: "content.item.submit",
  summary: "Send content to review",
  method: "POST",
  path: `${ITEM}/submission`,
  access: "content.item.write",
  params: OfItem,
  answer: Taken,
});

export const approve = endpoint({
  name: "content.item.approve",
  summary: "Approve content that is in review",
  method: "POST",
  path: `${ITEM}/approval`,
  access: "content.item.publish",
  params: OfItem,
  answer: Taken,
});

export const sendBack = endpoint({
  name: "content.item.send_back",
  summary: "Send content back to its author, with the reason",
  method: "POST",
  path: `${ITEM}/return`,
  access: "content.item.publish",
  params: OfItem,
  body: z.object({
    reason: z.string().trim().min(1, "Say why, so that the author can mend it.").max(REASON_LENGTH_MAX),
  }),
  answer: Taken,
  example: { body: { reason: "The second paragraph needs a source." } },
});

export const publish = endpoint({
  name: "content.item.publish",
  summary: "Show everybody content that is in review or approved, as it stands now",
  method: "POST",
  path: `${ITEM}/publication`,
  access: "content.item.publish",
  params: OfItem,
  answer: Taken,
});

export const unpublish = endpoint({
  name: "content.item.unpublish",
  summary: "Take content off the web",
  method: "DELETE",
  path: `${ITEM}/publication`,
  access: "content.item.publish",
  params: OfItem,
  answer: Taken,
});

export const archive = endpoint({
  name: "content.item.archive",
  summary: "Put content away that readers do not see",
  method: "POST",
  path: `${ITEM}/archive`,
  access: "content.item.write",
  params: OfItem,
  answer: Taken,
});

export const reopen = endpoint({
  name: "content.item.reopen",
  summary: "Take content out of the archive, as a draft",
  method: "POST",
  path: `${ITEM}/reopening`,
  access: "content.item.write",
  params: OfItem,
  answer: Taken,
});

export const restoreVersion = endpoint({
  name: "content.item.restore_version",
  summary: "Write what an earlier version said; what stands now stays among the versions",
  method: "POST",
  path: `${ITEM}/restored-version`,
  access: "content.item.write",
  params: OfItem,
  body: z.object({ number: z.int().min(1).max(VERSIONS_MAX) }),
  answer: Taken,
  example: { body: { number: 1 } },
});

export const readPage = endpoint({
  name: "content.page.read",
  summary: "A page that an organization has published, for everybody",
  method: "GET",
  path: `${PAGES}/:page`,
  access: "anyone",
  params: OfPages.extend({ page: z.string() }),
  versioned: true,
  answerMedia: "stream",
  fileTypes: ["text/html"],
});

export const listPages = endpoint({
  name: "content.page.list",
  summary: "The pages that an organization has published, for everybody",
  method: "GET",
  path: PAGES,
  access: "anyone",
  params: OfPages,
  versioned: true,
  answerMedia: "stream",
  fileTypes: ["text/html"],
});

export const readSitemap = endpoint({
  name: "content.page.sitemap",
  summary: "The addresses of an organization's pages, for search engines",
  method: "GET",
  path: `${PAGES}/sitemap.xml`,
  access: "anyone",
  params: OfPages,
  versioned: true,
  answerMedia: "stream",
  fileTypes: ["application/xml"],
});

export const readFeed = endpoint({
  name: "content.page.feed",
  summary: "The latest pages of an organization, as an Atom feed",
  method: "GET",
  path: `${PAGES}/feed.xml`,
  access: "anyone",
  params: OfPages,
  versioned: true,
  answerMedia: "stream",
  fileTypes: ["application/atom+xml"],
});
