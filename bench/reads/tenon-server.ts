import { withConnection } from "../../kernel/database/connection.ts";
import { readFacts } from "../../kernel/database/facts.ts";
import { buildServer } from "../../kernel/http/server.ts";
import type { TableName } from "../../kernel/nouns/noun.ts";
import { noun } from "../../kernel/nouns/noun.ts";
import { nounRoutes } from "../../kernel/nouns/routes.ts";
import { openTestDatabase, testServer, testServices } from "../../test/harness.ts";
import { tell } from "./told.ts";

// The server of the benches of reads, in a process of its own: items as a noun like any other.

const facts = await withConnection(testServer.admin, readFacts);
const items = noun(
  { table: "bench.items" as TableName, name: "bench.item", read: "organization.read" },
  facts["bench.items"],
);
const installation = {
  database: openTestDatabase(),
  server: { admin: testServer.admin, kind: "external" as const, close: async () => undefined },
};
const config = { logLevel: "warn", trustedProxies: undefined, signInsPerMinute: 60 };
const offer = { routes: nounRoutes([items]), bearers: [] };
const server = await buildServer(installation, testServices(), offer, config);
tell(await server.listen({ host: "127.0.0.1", port: 0 }));
