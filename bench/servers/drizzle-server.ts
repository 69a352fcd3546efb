import { createHash } from "node:crypto";
import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, customType, pgSchema, text, timestamp, uuid } from "drizzle-orm/pg-core";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import pg from "pg";
import { testServer } from "../../test/harness.ts";
import { tell } from "./told.ts";

// The same by a server of the usual kind: Fastify with schemas, Drizzle with its tables; a session is looked up, the organization set
// for the transaction, the rows read and written as JSON. Its table has no row-level security, and nothing is recorded.

const CONNECTIONS = 16;

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const sessions = pgSchema("identity").table("user_sessions", {
  id: uuid().primaryKey(),
  userId: uuid("user_id").notNull(),
  secretHash: bytea("secret_hash").notNull(),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
  revokedAt: timestamp("revoked_at", { withTimezone: true }),
});
const organizations = pgSchema("organizations");
const memberships = organizations.table("memberships", {
  organizationId: uuid("organization_id").notNull(),
  userId: uuid("user_id").notNull(),
  status: text().notNull(),
});
const tenants = organizations.table("organizations", { id: uuid().primaryKey(), slug: text().notNull() });
const items = pgSchema("bench").table("bare_items", {
  organizationId: uuid("organization_id").notNull(),
  id: uuid().primaryKey().default(sql`kernel.uuid_v7()`),
  name: text().notNull(),
  status: text().notNull(),
  amount: bigint({ mode: "number" }).notNull(),
  version: bigint({ mode: "number" }).notNull().default(1),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
});

const database = drizzle(new pg.Pool({ ...testServer.admin, max: CONNECTIONS }));

/** The organization of a slug, if the bearer of the token is a member of it. */
async function findOrganization(authorization: string | undefined, slug: string): Promise<string | undefined> {
  const [, userId = "", id = "", secret = ""] = /^Bearer tus_(.{36})_(.{36})_(.+)$/.exec(authorization ?? "") ?? [];
  const secretHash = createHash("sha256").update(secret).digest();
  const [found] = await database
    .select({ id: tenants.id })
    .from(sessions)
    .innerJoin(memberships, and(eq(memberships.userId, sessions.userId), eq(memberships.status, "active")))
    .innerJoin(tenants, and(eq(tenants.id, memberships.organizationId), eq(tenants.slug, slug)))
    .where(
      and(
        eq(sessions.id, id),
        eq(sessions.userId, userId),
        eq(sessions.secretHash, secretHash),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, sql`now()`),
      ),
    );
  return found?.id;
}

const Item = {
  type: "object",
  properties: {
    ...Object.fromEntries(["id", "name", "status"].map((name) => [name, { type: "string" }])),
    ...Object.fromEntries(["amount", "version"].map((name) => [name, { type: "integer" }])),
    ...Object.fromEntries(["createdAt", "updatedAt"].map((name) => [name, { type: "string", format: "date-time" }])),
  },
};
const List = { type: "object", properties: { items: { type: "array", items: Item }, nextCursor: { type: "string" } } };
const Slug = { type: "object", properties: { slug: { type: "string" } } };
const SlugAndId = { type: "object", properties: { slug: { type: "string" }, id: { type: "string", format: "uuid" } } };

const NewItem = {
  type: "object",
  required: ["name", "status", "amount"],
  properties: { name: { type: "string" }, status: { type: "string" }, amount: { type: "integer" } },
};
const Change = { type: "object", properties: NewItem.properties };

type Asked = FastifyRequest<{ Params: { slug: string; id: string } }>;
type Transaction = Parameters<Parameters<typeof database.transaction>[0]>[0];

/** Does the work in a transaction of the organization of the address; what is not there, like whom nobody knows, is answered by 404. */
async function within(
  { headers, params }: Asked,
  reply: FastifyReply,
  work: (tx: Transaction, organization: string) => Promise<unknown>,
) {
  const organization = await findOrganization(headers.authorization, params.slug);
  if (!organization) return reply.code(404).send();
  const found = await database.transaction(async (tx) => {
    await tx.execute(sql`select set_config('app.organization_id', ${organization}, true)`);
    return work(tx, organization);
  });
  return found ?? reply.code(404).send();
}

const isItem = (organization: string, { params }: Asked) =>
  and(eq(items.organizationId, organization), eq(items.id, params.id));

const server = fastify();
const rows = "/api/organizations/:slug/bench/items";

server.get(rows, { schema: { params: Slug, response: { 200: List } } }, (request, reply) =>
  within(request as Asked, reply, async (tx, organization) => {
    const newest = tx.select().from(items).where(eq(items.organizationId, organization)).orderBy(desc(items.id));
    const found = await newest.limit(51);
    return { items: found.slice(0, 50), ...(found.length > 50 && { nextCursor: found[49]?.id }) };
  }),
);

server.get(`${rows}/:id`, { schema: { params: SlugAndId, response: { 200: Item } } }, (request, reply) =>
  within(request as Asked, reply, async (tx, organization) => {
    const [item] = await tx
      .select()
      .from(items)
      .where(isItem(organization, request as Asked));
    return item;
  }),
);

server.post(rows, { schema: { params: Slug, body: NewItem, response: { 201: Item } } }, (request, reply) =>
  within(request as Asked, reply, async (tx, organizationId) => {
    reply.code(201);
    const item = request.body as { name: string; status: string; amount: number };
    const [made] = await tx
      .insert(items)
      .values({ ...item, organizationId })
      .returning();
    return made;
  }),
);

server.patch(
  `${rows}/:id`,
  { schema: { params: SlugAndId, body: Change, response: { 200: Item } } },
  (request, reply) =>
    within(request as Asked, reply, async (tx, organization) => {
      const [changed] = await tx
        .update(items)
        .set(request.body as object)
        .where(isItem(organization, request as Asked))
        .returning();
      return changed;
    }),
);

tell(await server.listen({ host: "127.0.0.1", port: 0 }));
