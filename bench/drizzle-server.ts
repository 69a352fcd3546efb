import { createHash } from "node:crypto";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, customType, pgSchema, text, timestamp, uuid } from "drizzle-orm/pg-core";
import fastify, { type FastifyRequest } from "fastify";
import pg from "pg";
import { parseToken } from "../kernel/tenancy/credential.ts";
import { testServer } from "../test/harness.ts";

// What Tenon is compared with: a server written the usual way with Fastify and Drizzle. It looks the session up, enters the organization
// in a transaction, and writes rows of bench.bare_items, which nothing records. It tells its address.

const CONNECTIONS = 16;

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const items = pgSchema("bench").table("bare_items", {
  organizationId: uuid("organization_id").notNull(),
  id: uuid("id").notNull().default(sql`kernel.uuid_v7()`),
  name: text("name").notNull(),
  status: text("status").notNull(),
  amount: bigint("amount", { mode: "number" }).notNull(),
  version: bigint("version", { mode: "number" }).notNull().default(1),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "string" }).notNull().defaultNow(),
});
const sessions = pgSchema("identity").table("user_sessions", {
  id: uuid("id").notNull(),
  userId: uuid("user_id").notNull(),
  secretHash: bytea("secret_hash").notNull(),
  revokedAt: timestamp("revoked_at", { withTimezone: true }),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
});
const organizations = pgSchema("organizations").table("organizations", {
  id: uuid("id").notNull(),
  slug: text("slug").notNull(),
});
const memberships = pgSchema("organizations").table("memberships", {
  organizationId: uuid("organization_id").notNull(),
  userId: uuid("user_id").notNull(),
  status: text("status").notNull(),
});

const db = drizzle(new pg.Pool({ ...testServer.admin, max: CONNECTIONS }));

/** The organization of the address, if the session of the request is alive and its person a member. */
async function organizationOf(request: FastifyRequest): Promise<string> {
  const { slug } = request.params as { slug: string };
  const credential = parseToken((request.headers.authorization ?? "").slice("Bearer ".length));
  if (credential?.kind !== "session") throw new Error("Not signed in.");
  const hash = createHash("sha256").update(credential.secret).digest();
  const [found] = await db
    .select({ id: organizations.id })
    .from(sessions)
    .innerJoin(memberships, eq(memberships.userId, sessions.userId))
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(
      and(
        eq(sessions.userId, credential.userId),
        eq(sessions.id, credential.sessionId),
        eq(sessions.secretHash, hash),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, sql`now()`),
        eq(memberships.status, "active"),
        eq(organizations.slug, slug),
      ),
    );
  if (!found) throw new Error("Not signed in.");
  return found.id;
}

type Item = { name: string; status: string; amount: number };
const properties = { name: { type: "string" }, status: { type: "string" }, amount: { type: "integer" } };
const ROWS = "/api/organizations/:slug/bench/items";
const server = fastify();

server.post(
  ROWS,
  { schema: { body: { type: "object", required: ["name", "status", "amount"], properties } } },
  async (request, reply) => {
    const organizationId = await organizationOf(request);
    const [row] = await db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('app.organization_id', ${organizationId}, true)`);
      return tx
        .insert(items)
        .values({ ...(request.body as Item), organizationId })
        .returning();
    });
    return reply.code(201).send(row);
  },
);

server.patch(`${ROWS}/:id`, { schema: { body: { type: "object", properties } } }, async (request) => {
  const organizationId = await organizationOf(request);
  const { id } = request.params as { id: string };
  const [row] = await db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('app.organization_id', ${organizationId}, true)`);
    const isRow = and(eq(items.organizationId, organizationId), eq(items.id, id));
    return tx
      .update(items)
      .set(request.body as Partial<Item>)
      .where(isRow)
      .returning();
  });
  if (!row) throw new Error("There is no such item.");
  return row;
});

process.send?.({ address: await server.listen({ host: "127.0.0.1", port: 0 }) });
process.on("disconnect", () => process.exit());
