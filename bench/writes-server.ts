import type { ColumnFacts } from "../kernel/database/facts.ts";
import { buildServer } from "../kernel/http/server.ts";
import { type NounParts, noun, type TableName } from "../kernel/nouns/noun.ts";
import { nounRoutes } from "../kernel/nouns/routes.ts";
import { openTestDatabase, testServer, testServices } from "../test/harness.ts";

// The server of bench/writes.bench.ts, in a process of its own: bench.items as a noun like any other. It tells its address.

const uuid: ColumnFacts = { kind: "uuid", type: "uuid", comment: "" };
const text: ColumnFacts = { kind: "text", type: "text", comment: "" };
const bigint: ColumnFacts = { kind: "bigint", type: "bigint", comment: "" };
const timestamp: ColumnFacts = { kind: "timestamp", type: "timestamp with time zone", comment: "" };
const facts = {
  key: ["id"],
  writes: true,
  search: false,
  words: [],
  dependants: [],
  constraints: {},
  comment: "",
  columns: {
    organization_id: uuid,
    id: { ...uuid, optional: true as const, default: "kernel.uuid_v7()" },
    name: text,
    status: text,
    amount: bigint,
    version: bigint,
    created_at: timestamp,
    updated_at: timestamp,
  },
};
const writable = ["name", "status", "amount"];
const permission = "organization.read";
const parts = { table: "bench.items", name: "bench.item", read: permission, write: permission, writable };
const items = noun(parts as unknown as NounParts<TableName>, facts);

const CONNECTIONS = 48;
const database = openTestDatabase(testServer.admin, CONNECTIONS);
const installation = {
  database,
  server: { admin: testServer.admin, kind: "external" as const, close: async () => undefined },
};
const config = { logLevel: "warn", trustedProxies: undefined, signInsPerMinute: 60 };
const server = await buildServer(installation, testServices(), { routes: nounRoutes([items]), bearers: [] }, config);
process.send?.({ address: await server.listen({ host: "127.0.0.1", port: 0 }) });
process.on("disconnect", () => process.exit());
