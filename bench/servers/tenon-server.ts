import { withConnection } from "../../kernel/database/connection.ts";
import { readFacts } from "../../kernel/database/facts.ts";
import { buildServer } from "../../kernel/http/server.ts";
import { type NounParts, noun, type TableName } from "../../kernel/nouns/noun.ts";
import { nounRoutes } from "../../kernel/nouns/routes.ts";
import { openTestDatabase, testServer, testServices } from "../../test/harness.ts";
import { tell } from "./told.ts";

// Tenon's server with items as a noun like any other, in a process of its own.

const CONNECTIONS = 48;

const facts = await withConnection(testServer.admin, readFacts);
const permission = "organization.read";
const writable = ["name", "status", "amount"];
const parts = { table: "bench.items", name: "bench.item", read: permission, write: permission, writable };
const items = noun(parts as unknown as NounParts<TableName>, facts["bench.items"]);
const installation = {
  database: openTestDatabase(testServer.admin, CONNECTIONS),
  server: { admin: testServer.admin, kind: "external" as const, close: async () => undefined },
};
const config = { logLevel: "warn", trustedProxies: undefined, signInsPerMinute: 60 };
const offer = { routes: nounRoutes([items]), bearers: [] };
const server = await buildServer(installation, testServices(), offer, config);
tell(await server.listen({ host: "127.0.0.1", port: 0 }));
