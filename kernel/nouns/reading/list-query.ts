import type { Noun, Nouns } from "../noun.ts";
import type { Filter } from "./operators.ts";
import type { Cursor } from "./paging.ts";
import type { SortKey } from "./sorting.ts";

/** What a list is asked for, checked: it can be put into SQL as it stands. */
export type ListQuery = {
  filters: Filter[];
  tags: { operator: "any" | "all"; values: readonly string[] }[];
  /** What `q` looks for, and its words. */
  search: string;
  words: readonly string[];
  /** The whole order of the rows. Without a wish, a search is in the order of likeness. */
  order: readonly SortKey[];
  isRanked: boolean;
  limit: number;
  cursor: Cursor | undefined;
  /** What rows show; everything unless told. */
  fields: readonly string[] | undefined;
  /** Columns that name another row, and the nouns of those. */
  embed: readonly { column: string; noun: Noun }[];
};

/** What is gathered while a query is read. */
export type Draft = Omit<ListQuery, "words" | "order" | "isRanked" | "cursor"> & {
  sort: SortKey[];
  cursor: string | undefined;
};

/** What a query is read for: the settings that it takes, and whether filters beside them. */
export type Asked = { noun: Noun; nouns: Nouns; settings: readonly string[]; filters: boolean };
