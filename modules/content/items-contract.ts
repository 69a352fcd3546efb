import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { SeoMeta, Status } from "./contract.ts";

// What the pages use of the nouns' own endpoints, with as much of their rows as they show.

const CONTENT = "/api/organizations/:organization/content";
const InOrganization = z.object({ organization: z.string() });
const OfItem = InOrganization.extend({ id: z.uuid() });

export const ContentType = z.enum([
  "page",
  "blog_post",
  "documentation",
  "landing_page",
  "newsletter",
  "product_description",
  "email_campaign",
  "social_post",
  "video_script",
  "ad_copy",
  "template",
]);
export type ContentType = z.infer<typeof ContentType>;

const Item = z.object({
  id: z.uuid(),
  content_type: ContentType,
  name: z.string(),
  title: z.string().nullable(),
  slug: z.string().nullable(),
  content: z.string(),
  excerpt: z.string().nullable(),
  status: Status,
  seo_meta: SeoMeta,
  version: z.int(),
  updated_at: z.string(),
});
export type Item = z.infer<typeof Item>;

const Words = z.object({
  name: z.string(),
  title: z.string().nullable(),
  slug: z.string().nullable(),
  content: z.string(),
  excerpt: z.string().nullable(),
  seo_meta: SeoMeta,
});

const ListedItem = Item.pick({ id: true, content_type: true, name: true, status: true, updated_at: true });
export type ListedItem = z.infer<typeof ListedItem>;

export const listItems = endpoint({
  name: "content.item.list",
  summary: "Content that matches",
  method: "GET",
  path: `${CONTENT}/items`,
  access: "content.item.read",
  params: InOrganization,
  query: z.object({
    q: z.string().optional(),
    status: Status.optional(),
    sort: z.string().optional(),
    fields: z.string(),
    cursor: z.string().optional(),
  }),
  answer: z.object({ items: z.array(ListedItem), next_cursor: z.string().nullable() }),
});

export const createItem = endpoint({
  name: "content.item.create",
  summary: "New content",
  method: "POST",
  path: `${CONTENT}/items`,
  access: "content.item.write",
  params: InOrganization,
  body: z.object({ content_type: ContentType, name: z.string(), title: z.string(), slug: z.string().nullable() }),
  answer: Item,
});

export const getItem = endpoint({
  name: "content.item.get",
  summary: "One piece of content",
  method: "GET",
  path: `${CONTENT}/items/:id`,
  access: "content.item.read",
  params: OfItem,
  answer: Item,
});

export const updateItem = endpoint({
  name: "content.item.update",
  summary: "Change the words",
  method: "PATCH",
  path: `${CONTENT}/items/:id`,
  access: "content.item.write",
  params: OfItem,
  body: Words.partial(),
  answer: Item,
});

export const listVersions = endpoint({
  name: "content.item_version.list",
  summary: "What content said before, and says now",
  method: "GET",
  path: `${CONTENT}/item-versions`,
  access: "content.item.read",
  params: InOrganization,
  query: z.object({ item_id: z.uuid(), sort: z.string(), fields: z.string(), cursor: z.string().optional() }),
  answer: z.object({
    items: z.array(
      z.object({
        number: z.int(),
        title: z.string().nullable(),
        status: Status,
        saved_at: z.string(),
        note: z.string(),
      }),
    ),
    next_cursor: z.string().nullable(),
  }),
});

export const listPublications = endpoint({
  name: "content.publication.list",
  summary: "What readers see",
  method: "GET",
  path: `${CONTENT}/publications`,
  access: "content.item.read",
  params: InOrganization,
  query: z.object({ item_id: z.uuid() }),
  answer: z.object({
    items: z.array(z.object({ slug: z.string(), version_number: z.int(), updated_at: z.string() })),
    next_cursor: z.string().nullable(),
  }),
});
