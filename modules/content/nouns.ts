import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({
    table: "content.campaigns",
    name: "content.campaign",
    read: "content.item.read",
    write: "content.item.write",
    writable: ["name", "description", "starts_on", "ends_on"],
  }),
  noun({
    table: "content.items",
    name: "content.item",
    read: "content.item.read",
    write: "content.item.write",
    creatable: ["content_type"],
    writable: [
      "name",
      "description",
      "title",
      "slug",
      "content",
      "excerpt",
      "author_id",
      "assigned_to",
      "campaign_id",
      "seo_meta",
      "target_keywords",
      "featured_image",
      "media_assets",
    ],
    tags: { table: "content.item_tags", column: "item_id" },
  }),
  noun({
    table: "content.item_tags",
    name: "content.item_tag",
    read: "content.item.read",
    write: "content.item.write",
    creatable: ["item_id", "tag_id"],
  }),
  noun({
    table: "content.item_products",
    name: "content.item_product",
    read: "content.item.read",
    write: "content.item.write",
    creatable: ["item_id", "product_id"],
  }),
  noun({ table: "content.item_versions", name: "content.item_version", read: "content.item.read" }),
  noun({ table: "content.publications", name: "content.publication", read: "content.item.read" }),
  noun({ table: "content.item_figures", name: "content.item_figure", read: "content.item.read" }),
];
