import type pg from "pg";
import { ROLE_NAMES } from "../roles.ts";
import type { Catalog, TenonFacts } from "./catalog.ts";

const OWNER = /^(.+)_owner$/;

/**
 * What only a Tenon's database has, and the first part of its roles' names; undefined in every other database. The
 * administrator and the dispatcher may ask.
 */
export async function readTenonFacts(
  client: pg.ClientBase,
): Promise<{ prefix: string; facts: TenonFacts } | undefined> {
  const { rows } = await client.query<{ owner: string }>(
    `select pg_get_userbyid(p.proowner)::text as owner from pg_proc p where p.oid = to_regprocedure('kernel.model_facts()')`,
  );
  const prefix = OWNER.exec(rows[0]?.owner ?? "")?.[1];
  if (prefix === undefined) return undefined;
  const { rows: answers } = await client.query<{ facts: TenonFacts }>("select kernel.model_facts() as facts");
  const [answer] = answers;
  return answer && { prefix, facts: answer.facts };
}

/** Roles are named after the installation; documents name them all alike, `tenon_member` and so on. */
export function withTenonRoles(catalog: Catalog, prefix: string): Catalog {
  const names = new RegExp(`\\b${prefix}_(${ROLE_NAMES.join("|")})\\b`, "g");
  return JSON.parse(JSON.stringify(catalog).replace(names, "tenon_$1")) as Catalog;
}
