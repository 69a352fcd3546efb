import assert from "node:assert/strict";
import type pg from "pg";
import {
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Person,
  type Tenant,
  testServer,
} from "../../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../../test/http/server.ts";
import type { Login } from "../../database/connection.ts";
import { readFacts } from "../../database/facts.ts";
import type { Database, openDatabase } from "../../database/pool.ts";
import { withRoleNames } from "../../database/roles.ts";
import { type Noun, type Nouns, noun, type TableName } from "../noun.ts";
import { nounRoutes } from "../routes.ts";

// A noun with a column of each kind, in a database of its own, beside customers and members under addresses of their own.

const TABLE = `
  set role tenon_owner;
  call kernel.module_schema('sample');
  create table sample.things (
    organization_id uuid not null, id uuid not null default kernel.uuid_v7(),
    name text not null, note text, kind text not null default 'a' check (kind in ('a', 'b', 'c')), done boolean,
    small smallint, big bigint, price numeric(12, 2), ratio double precision, day date, moment timestamptz,
    fields jsonb not null default '{}', labels text[] not null default '{}', address inet,
    owner_id uuid, customer_id uuid, secret_note text,
    primary key (organization_id, id),
    foreign key (organization_id, owner_id) references organizations.memberships,
    foreign key (organization_id, customer_id) references crm.customers
  );
  call kernel.tenant_table('sample.things', own => 'owner_id', client => 'customer_id', search => true);
  call kernel.show_columns('sample.things', 'tenon_client', '{organization_id,id,name,customer_id}');
  create index things_by_words on sample.things using gin (organization_id, name extensions.gin_trgm_ops, note extensions.gin_trgm_ops);
  create index things_by_fields on sample.things using gin (organization_id, fields jsonb_path_ops);
  reset role`;

/** The columns that are filtered by. */
export const COLUMNS = [
  "id",
  "name",
  "note",
  "kind",
  "done",
  "small",
  "big",
  "price",
  "ratio",
  "day",
  "moment",
  "fields",
  "labels",
  "address",
  "owner_id",
];

/** The server with the nouns, and how they are asked. */
export type Things = {
  http: TestHttpServer;
  /** A superuser's connection, and how to get more of them. */
  admin: pg.Client;
  login: Login;
  tenant: Tenant;
  /** The noun, and all of them. */
  noun: Noun;
  nouns: Nouns;
  /** How often a connection was taken so far. */
  lent(): number;
  /** Rows, whose columns are as given: by a superuser, without triggers. */
  put(tenant: Tenant, rows: readonly object[], table?: string): Promise<void>;
  get(
    path: string,
    query?: Query,
    by?: { person?: Person; tenant?: Tenant; accept?: string },
  ): ReturnType<TestHttpServer["ask"]>;
  /** The items of a list that must succeed. */
  list<Row = Record<string, unknown>>(query?: Query, path?: string): Promise<Row[]>;
};

type Query = Record<string, string | readonly string[]>;

/** Opens it, with an organization that has nothing yet. */
export async function openThings(): Promise<Things> {
  const login = await createScratchDatabase();
  const admin = await openAdmin(login);
  await admin.query(withRoleNames(TABLE, testServer.prefix));
  let lends = 0;
  const database = counting(openTestDatabase(login), () => lends++);
  const facts = await readFacts(admin);
  const nouns = [
    {
      ...noun(
        { table: "sample.things" as TableName, name: "sample.thing", read: "crm.customer.read" },
        facts["sample.things"],
      ),
      path: "sample/things",
    },
    {
      ...noun({
        table: "crm.customers",
        name: "sample.customer",
        read: "crm.customer.read",
        tags: { table: "crm.customer_tags", column: "customer_id" },
      }),
      path: "sample/customers",
    },
    {
      ...noun({
        table: "organizations.memberships",
        name: "sample.member",
        read: "member.read",
        hidden: ["effective_permissions"],
      }),
      path: "sample/members",
    },
  ];
  const http = await openTestServer(nounRoutes(nouns), { database });
  const tenant = await createTenant(database);
  const get: Things["get"] = (path, query = {}, { person, tenant: of = tenant, accept } = {}) =>
    http.ask(person ?? of.owner, {
      url: `/api/organizations/${of.slug}/sample/${path}?${textOf(query)}`,
      ...(accept && { headers: { accept } }),
    });
  return {
    http,
    admin,
    login,
    tenant,
    noun: nouns[0] ?? assert.fail(),
    nouns: new Map(nouns.map((one) => [one.table, one])),
    lent: () => lends,
    put: (of, rows, table = "sample.things") => put(admin, of, rows, table),
    get,
    list: async <Row>(query: Query = {}, path = "things") => {
      const answer = await get(path, query);
      assert.equal(answer.statusCode, 200, answer.body);
      return answer.json().items as Row[];
    },
  };
}

function textOf(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    (typeof values === "string" ? [values] : values).map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(pairs).toString();
}

function counting(database: Database, count: () => void): ReturnType<typeof openDatabase> {
  return {
    ...database,
    lend: (role, work) => {
      count();
      return database.lend(role, work);
    },
  };
}

async function put(admin: pg.Client, { id }: Tenant, rows: readonly object[], table: string): Promise<void> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  await admin.query("set session_replication_role = replica");
  await admin.query(
    `insert into ${table} (organization_id, ${columns.join(", ")})
     select $1, ${columns.map((name) => `r.${name}`).join(", ")} from jsonb_populate_recordset(null::${table}, $2::jsonb) r`,
    [id, JSON.stringify(rows)],
  );
  await admin.query("reset session_replication_role");
}
