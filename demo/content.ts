import type { Row, Scene } from "./scene.ts";
import { CAMPAIGNS, CONTENT, MORE } from "./words/content.ts";

/** The steps to a status; each step is a version of the words. */
const WAYS: Record<string, string[]> = {
  draft: ["draft"],
  in_progress: ["draft", "in_progress"],
  review: ["draft", "in_progress", "review"],
  approved: ["draft", "in_progress", "review", "approved"],
  published: ["draft", "in_progress", "review", "approved", "published"],
  archived: ["draft", "in_progress", "archived"],
};
const NOTES: Record<string, string> = {
  draft: "First idea",
  in_progress: "Written out",
  review: "Ready to be read",
  approved: "Shorter ending",
  published: "Published",
  archived: "No longer needed",
};

/** Makes campaigns and content in every state, with the versions it went through. */
export async function makeContent(scene: Scene, products: string[], tags: Map<string, string>): Promise<void> {
  const { insert, run, id, clock } = scene;
  const campaigns = CAMPAIGNS.map((words, index) => {
    const start = [-20, 15, -110][index] ?? 0;
    return {
      id: id(clock.on(start - 5)),
      ...words,
      starts_on: clock.day(start),
      ends_on: clock.day(start + 45),
      created_at: clock.on(start - 5),
    };
  });
  await insert("content.campaigns", campaigns);
  const items = itemsOf(
    scene,
    campaigns.map((campaign) => campaign.id),
  );
  await insert("content.items", items);
  // The words as they went; by itself an item has the version that it was made with.
  await run("delete from content.item_versions where organization_id = $1");
  await insert(
    "content.item_versions",
    items.flatMap((item, index) => versionsOf(scene, item, -40 + index)),
  );
  await run(
    `insert into content.publications (organization_id, item_id, version_number, slug, published_by, published_at)
     select v.organization_id, v.item_id, v.number, v.slug, v.saved_by, v.saved_at from content.item_versions v
     where v.organization_id = $1 and v.status = 'published'`,
  );
  await insert(
    "content.item_tags",
    items.filter((_, index) => index % 3 === 0).map((item) => ({ item_id: item.id, tag_id: tags.get("Newsletter") })),
  );
  await insert(
    "content.item_products",
    items.slice(0, 8).map((item, index) => ({ item_id: item.id, product_id: products[index] })),
  );
  await run(`update content.item_figures f set view_count = 120 + 37 * length(i.content), engagement_metrics = '{"likes": 14, "shares": 3}'
    from content.items i where i.organization_id = f.organization_id and i.id = f.item_id and i.status = 'published' and f.organization_id = $1`);
}

/** Every piece of content as it stands today. */
function itemsOf({ id, clock, chance, people }: Scene, campaigns: string[]) {
  return CONTENT.map(({ type, name, text, status }, index) => {
    const created_at = clock.on(-40 + index);
    const isModel = index % 4 === 2;
    return {
      id: id(created_at),
      content_type: type,
      name,
      title: name,
      slug: name
        .toLowerCase()
        .replaceAll(/[^a-z]+/g, "-")
        .replaceAll(/^-|-$/g, ""),
      content: `${text}\n\n${MORE}`,
      excerpt: text,
      status,
      author_id: people.member,
      assigned_to: status === "review" ? people.moderator : people.member,
      campaign_id: campaigns[index % campaigns.length],
      seo_meta: { title: name, description: text },
      target_keywords: name
        .toLowerCase()
        .split(" ")
        .filter((word) => word.length > 3),
      seo_score: chance.whole(55, 96),
      readability_score: chance.whole(60, 95),
      media_assets: [],
      published_urls: [],
      scheduled_for: status === "approved" ? clock.on(3 + index, 8) : undefined,
      published_at: status === "published" ? clock.on(-10 + index, 8) : undefined,
      ai_generated: isModel,
      ai_model: isModel ? "northwind-writer" : undefined,
      ai_generation_cost: isModel ? 350_000 : undefined,
      created_at,
    };
  });
}

type Item = { id: string; title: string; slug: string; excerpt: string; content: string; status: string };

function versionsOf({ clock, people }: Scene, { id, title, slug, excerpt, content, status }: Item, day: number): Row[] {
  const way = WAYS[status] ?? [];
  return way.map((step, index) => ({
    item_id: id,
    number: index + 1,
    title,
    slug,
    excerpt,
    content: index === 0 && way.length > 1 ? "(to be written)\n" : content,
    status: step,
    saved_by: step === "approved" || step === "published" ? people.moderator : people.member,
    saved_at: clock.on(Math.min(day + 3 * index, -1), 10 + index),
    note: NOTES[step],
    seo_meta: {},
  }));
}
