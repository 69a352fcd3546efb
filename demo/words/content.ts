/** Pieces of content: what they are, their first lines, and how far they are. */
export const CONTENT: readonly {
  type: string;
  name: string;
  text: string;
  status: "draft" | "in_progress" | "review" | "approved" | "published" | "archived";
}[] = [
  {
    type: "blog_post",
    name: "Why we oil our oak",
    text: "Oil lets the wood breathe. Here is how we do it, and how often you should.",
    status: "published",
  },
  {
    type: "blog_post",
    name: "A table for forty rooms",
    text: "How do you build the same table forty times, and each a little different?",
    status: "published",
  },
  {
    type: "newsletter",
    name: "What is new this month",
    text: "The garden bench is back, and the workshop has a new saw.",
    status: "published",
  },
  {
    type: "product_description",
    name: "Oak desk lamp",
    text: "Warm light on your desk, from a lamp that can be repaired.",
    status: "published",
  },
  {
    type: "landing_page",
    name: "Gifts under fifty euros",
    text: "Trays, boards and blocks: small things that last.",
    status: "approved",
  },
  {
    type: "social_post",
    name: "The first cut",
    text: "Monday, seven o'clock: the first cut of the day.",
    status: "approved",
  },
  {
    type: "email_campaign",
    name: "Care kit for your table",
    text: "A year has passed. Time for a little oil.",
    status: "review",
  },
  {
    type: "documentation",
    name: "Hanging the wall shelf",
    text: "Use the template in the box, and look for the studs first.",
    status: "review",
  },
  {
    type: "video_script",
    name: "A minute in the workshop",
    text: "Scene one: the door opens, and the lights go on.",
    status: "in_progress",
  },
  {
    type: "ad_copy",
    name: "Dining table, autumn",
    text: "A table for all the evenings to come.",
    status: "in_progress",
  },
  { type: "page", name: "About our wood", text: "All our oak comes from two forests nearby.", status: "draft" },
  { type: "template", name: "Answer to a complaint", text: "Dear {name}, thank you for telling us.", status: "draft" },
  { type: "blog_post", name: "Ideas for small balconies", text: "Three benches that fold away.", status: "archived" },
];

/** What every text goes on with, as Markdown. */
export const MORE = `## What we do

1. **Look**: good wood tells what it needs.
2. **Sand**, with the grain, up to 240.
3. **Oil**, thin, and wipe off what is left after ten minutes.

| Where | How often |
| --- | --- |
| Table | every *six* months |
| Bench outdoors | every spring |

> Less is more: two thin coats last longer than a thick one.

Questions? [Write to us](mailto:hello@northwind.example).
`;

export const CAMPAIGNS = [
  { name: "Autumn at home", description: "Lamps, rugs and tables for the dark season.", status: "active" },
  { name: "Care week", description: "How wood stays beautiful: bring people back with care kits.", status: "planned" },
  { name: "Summer sale", description: "Garden furniture, before the new collection.", status: "completed" },
] as const;
