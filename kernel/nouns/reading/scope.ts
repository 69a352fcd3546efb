import pg from "pg";
import { prepareValue } from "pg/lib/utils.js";
import type { EnteringRole } from "../../tenancy/context.ts";
import { columnsFor, quoted } from "../columns.ts";
import type { Noun } from "../noun.ts";

/** Puts a value into a statement, and tells how the statement's text names it. */
export type Bind = (value: unknown) => string;

/** Where a statement about rows of a noun stands: they are called `t` in it. */
export type Scope = {
  noun: Noun;
  role: EnteringRole;
  bind: Bind;
  /** The organization's id in the text. */
  organization: string;
};

/** The scope of a statement with parameters, and the values that it gathers. */
export function openScope(noun: Noun, role: EnteringRole, organizationId: string): { scope: Scope; values: unknown[] } {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  return { scope: { noun, role, bind, organization: bind(organizationId) }, values };
}

/** The scope of a `copy`, which takes no parameters. */
export function literalScope(noun: Noun, role: EnteringRole, organizationId: string): Scope {
  const bind: Bind = (value) => pg.escapeLiteral(String(prepareValue(value)));
  return { noun, role, bind, organization: bind(organizationId) };
}

/**
 * Where rows are looked for: in the search view where the filters need it, there is one, and whoever asks sees the whole
 * organization; the others have few rows.
 */
export function sourceOf({ noun, role }: Scope, needsSearchView: boolean): string {
  const hasView = noun.facts.search && (role === "member" || role === "steward" || role === "worker");
  const table = needsSearchView && hasView ? `${noun.table}_search` : noun.table;
  return table.split(".").map(quoted).join(".");
}

/** The columns that an index over words covers, of those that the role sees. */
export function wordColumns({ noun, role }: Scope): string[] {
  const seen = new Set(columnsFor(noun, role));
  return noun.facts.words.filter((name) => seen.has(name));
}
