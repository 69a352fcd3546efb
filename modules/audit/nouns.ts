import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({ table: "audit.legal_holds", name: "audit.legal_hold", read: "audit.hold" }),
];
