import type pg from "pg";
import { ROLE_NAMES } from "../roles.ts";
import type { Catalog, TenonFacts } from "./catalog.ts";

const OWNER = /^(.+)_owner$/;

/** What only a Tenon's database has, and the first part of its roles' names; undefined in every other database. */
export async function readTenonFacts(client: pg.Client): Promise<{ prefix: string; facts: TenonFacts } | undefined> {
  const { rows } = await client.query<{ owner: string }>(
    `select pg_get_userbyid(c.relowner)::text as owner from pg_class c
     where c.oid = to_regclass('kernel.migrations') and to_regclass('organizations.role_templates') is not null`,
  );
  const prefix = OWNER.exec(rows[0]?.owner ?? "")?.[1];
  if (prefix === undefined) return undefined;
  const { rows: migrations } = await client.query<{ name: string }>(
    "select name from kernel.migrations order by number",
  );
  const { rows: builtInRoles } = await client.query<TenonFacts["builtInRoles"][number]>(
    `select t.name, t.scope, array(select p.permission from organizations.role_template_permissions p
                                   where p.role = t.name order by p.permission) as permissions
     from organizations.role_templates t order by t.name`,
  );
  return { prefix, facts: { migrations: migrations.map(({ name }) => name), builtInRoles } };
}

/** Roles are named after the installation; documents name them all alike, `tenon_member` and so on. */
export function withTenonRoles(catalog: Catalog, prefix: string): Catalog {
  const names = new RegExp(`\\b${prefix}_(${ROLE_NAMES.join("|")})\\b`, "g");
  return JSON.parse(JSON.stringify(catalog).replace(names, "tenon_$1")) as Catalog;
}
