import type pg from "pg";
import type { Database } from "../../kernel/database/pool.ts";
import { createScratchDatabase, createTenant, openAdmin, openTestDatabase, type Tenant } from "../harness.ts";
import { parentsFirst, type Relation, readRelations } from "../isolation/catalog.ts";
import type { Row } from "../isolation/making.ts";
import { createRowMaker, type RowMaker } from "../isolation/rows.ts";
import { served } from "./noun-requests.ts";
import { openTestServer, type TestHttpServer } from "./server.ts";

/** An organization with a row of every noun. */
export type Place = { tenant: Tenant; rows: Map<string, Row>; maker: RowMaker };

/** A server on a database of its own, where two organizations have everything that nouns show. */
export type NounScene = {
  http: TestHttpServer;
  admin: pg.Client;
  own: Place;
  foreign: Place;
  tables: Map<string, Relation>;
  /** All tables of organizations, those of nouns among them; each behind what it points to. */
  relations: Relation[];
  /** Gives an organization a row of every noun. */
  furnish(tenant: Tenant): Promise<Place>;
};

/** Opens it; `watch` may put something between the server and its database. */
export async function openNounScene(watch = (database: Database) => database): Promise<NounScene> {
  const server = await createScratchDatabase();
  const database = watch(openTestDatabase(server));
  const http = await openTestServer([], { database });
  const admin = await openAdmin(server);
  const relations = await readRelations(admin);
  const wanted = new Set<string>(served.map(({ noun }) => noun.table));
  const tables = parentsFirst(relations).filter(({ name }) => wanted.has(name));
  const [own, foreign] = [await createTenant(database), await createTenant(database)];
  const furnishAll = (tenant: Tenant) => furnish(admin, relations, tables, tenant);
  return {
    http,
    admin,
    own: await furnishAll(own),
    foreign: await furnishAll(foreign),
    tables: new Map(tables.map((table) => [table.name, table])),
    relations: parentsFirst(relations).filter(({ kind, tenantColumn }) => kind === "table" && tenantColumn !== null),
    furnish: furnishAll,
  };
}

async function furnish(admin: pg.Client, relations: Relation[], tables: Relation[], tenant: Tenant): Promise<Place> {
  const maker = createRowMaker(admin, relations, tenant, tenant.owner.userId);
  const rows = new Map<string, Row>();
  for (const table of tables) rows.set(table.name, await maker.ensureRow(table));
  return { tenant, rows, maker };
}

/** What all of an organization's nouns hold, as one word each. */
export async function contentsOf(admin: pg.Client, { tenant }: Place): Promise<Record<string, string>> {
  const parts = served.map(
    ({ noun: { table } }) =>
      `select '${table}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text collate "C"), '')) as word from ${table} t where organization_id = $1`,
  );
  const { rows } = await admin.query<{ name: string; word: string }>(parts.join(" union all "), [tenant.id]);
  return Object.fromEntries(rows.map(({ name, word }) => [name, word]));
}
