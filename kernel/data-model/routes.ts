import { type Catalog, descriptionOf } from "../database/catalog/catalog.ts";
import { Problem } from "../errors.ts";
import { type Download, personRoute, type Route } from "../http/route.ts";
import type { PersonCaller } from "../tenancy/gate.ts";
import { callOutside } from "../tenancy/transaction.ts";
import * as contract from "./contract.ts";
import { FORMATS, type Format, writeDocument } from "./document.ts";
import { findDomain, UnknownDomainError } from "./domain.ts";
import { type LiveModel, readLiveModel } from "./live.ts";
import { modelOf } from "./model.ts";

const MEDIA_TYPES: Record<Format, string> = {
  markdown: "text/markdown; charset=utf-8",
  json: "application/json; charset=utf-8",
  sql: "application/sql; charset=utf-8",
};

const ACRONYM_LENGTH_MAX = 3;

/** The routes of the data model: the product's own, so the same for everybody who is signed in. */
export const dataModelRoutes: readonly Route[] = [
  personRoute(contract.readModel, async (call) => overviewOf(await modelFor(call))),
  personRoute(contract.readDomain, async (call, { params }) => domainOf(await modelFor(call), params.schema)),
  personRoute(contract.searchModel, async (call, { query }) => search(await modelFor(call), query.words)),
  personRoute(contract.readDocument, async (call, { query }) => download(await modelFor(call), query)),
];

/** The model for a person of a live session. Throws `unauthenticated` for everybody else. */
async function modelFor({ database, credential }: PersonCaller): Promise<LiveModel> {
  const { userId, sessionId, secret } = credential;
  const [row] = await callOutside<{ person: string | null }>(
    database,
    "gate",
    "select identity.session_user_id($1, $2, $3) as person",
    [userId, sessionId, secret],
  );
  if (!row?.person) throw new Problem("unauthenticated", { hint: "Sign in again." });
  return readLiveModel(database);
}

function overviewOf({ catalog }: LiveModel) {
  const bySchema = Map.groupBy(catalog.tables, ({ schema }) => schema);
  const domains = [...bySchema].map(([name, tables]) => ({
    ...aboutOf(catalog, name),
    tables: tables.map(({ id, schema, name: table, kind, comment, sensitivity, columns }) => ({
      ...{ id, schema, name: table, kind, sensitivity },
      description: descriptionOf(comment),
      columns: columns.map((column) => column.name),
      column_comments: columns.map((column) => column.comment ?? ""),
    })),
  }));
  return { migration: catalog.tenon?.migrations.at(-1) ?? "", domains };
}

function aboutOf({ schemas }: Catalog, name: string): { name: string; title: string; description: string } {
  const description = schemas.find((schema) => schema.name === name)?.comment ?? "";
  // Three letters and no more stand for words.
  const length = name.length <= ACRONYM_LENGTH_MAX ? name.length : 1;
  return { name, title: name.slice(0, length).toUpperCase() + name.slice(length).replaceAll("_", " "), description };
}

function domainOf({ catalog }: LiveModel, schema: string) {
  const tables = catalog.tables.filter((table) => table.schema === schema);
  const about = aboutOf(catalog, schema);
  const [part] = modelOf(catalog, { title: about.title, tables, unmatched: [] }, { date: "", spec: undefined }).parts;
  if (!part || tables.length === 0)
    throw new Problem("not_found", { detail: "There is no such domain.", hint: "GET /api/data-model lists them." });
  const shown = part.tables.map(({ needs, options, owner, inherits, comment, ...table }) => table);
  const { diagrams, builtInAccess, access } = part;
  return { ...about, diagrams, tables: shown, builtInAccess, access };
}

function search({ catalog }: LiveModel, words: string) {
  try {
    return { tables: findDomain(catalog, [words]).tables.map(({ id }) => id), nearest: [] };
  } catch (error) {
    if (error instanceof UnknownDomainError) return { tables: [], nearest: error.nearest };
    throw error;
  }
}

function download({ catalog, migrations }: LiveModel, { words, format }: { words: string; format: Format }): Download {
  const today = new Date().toISOString().slice(0, 10);
  const request = { words: words === "" ? [] : [words], format, migrations, today };
  const name = words.replace(/[^\p{L}\p{N}_-]+/gu, "_") || "tenon";
  try {
    const { text } = writeDocument(catalog, request);
    return { stream: textStream(text), mediaType: MEDIA_TYPES[format], fileName: `${name}.${FORMATS[format]}` };
  } catch (error) {
    if (error instanceof UnknownDomainError)
      throw new Problem("not_found", { detail: error.message, hint: "Ask with other words." });
    throw error;
  }
}

async function* textStream(text: string): AsyncGenerator<string> {
  yield text;
}
