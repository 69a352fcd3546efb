import { z } from "zod";
import { endpoint } from "../kernel/http/endpoint.ts";
import { memberRoute } from "../kernel/http/route.ts";
import { buildServer } from "../kernel/http/server.ts";
import { queryText } from "../kernel/tenancy/transaction.ts";
import { openTestDatabase, testServer, testServices } from "../test/harness.ts";
import { listOf } from "./items.ts";

// The server of bench/reads.bench.ts, in a process of its own. It tells its address, and its CPU time when asked.

const listItems = endpoint({
  name: "bench.item.list",
  summary: "List items",
  method: "GET",
  path: "/api/organizations/:organization/bench/items",
  access: "organization.read",
  params: z.object({ organization: z.string() }),
  answer: z.array(z.unknown()),
});

const list = listOf("items");
const route = memberRoute(listItems, async (context) => ({
  json: (await queryText(context, { text: list, values: [context.organization.id], fixed: true })) ?? "[]",
}));

const database = openTestDatabase();
const installation = {
  database,
  server: { admin: testServer.admin, kind: "external" as const, close: async () => undefined },
};
const config = { logLevel: "warn", trustedProxies: undefined, signInsPerMinute: 60 };
const server = await buildServer(installation, testServices(), { routes: [route], bearers: [] }, config);
const address = await server.listen({ host: "127.0.0.1", port: 0 });
process.send?.({ address });
process.on("message", () => process.send?.({ cpu: process.cpuUsage() }));
process.on("disconnect", () => process.exit());
