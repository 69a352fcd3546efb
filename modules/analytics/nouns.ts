import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({ table: "analytics.daily", name: "analytics.day", read: "analytics.dashboard.read" }),
  noun({ table: "analytics.events", name: "analytics.event", read: "analytics.event.read" }),
];
