import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { before, test } from "node:test";
import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { anyoneRoute, memberRoute } from "../../kernel/http/route.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { createTenant, openAdmin } from "../harness.ts";
import { authorization, openTestServer, type TestHttpServer } from "./server.ts";

const MARK = "a caller who will not wait";

const slow = endpoint({
  name: "test.slow",
  summary: "Takes longer than anyone waits",
  method: "GET",
  path: "/api/organizations/:organization/slow",
  access: "organization.read",
  params: z.object({ organization: z.string() }),
});
const held = endpoint({
  name: "test.held",
  summary: "Answers when it is let go",
  method: "GET",
  path: "/api/held",
  access: "anyone",
  answer: z.object({ done: z.boolean() }),
});

let http: TestHttpServer;
let port: number;
const cancelled = Promise.withResolvers<{ message: string; gone: boolean }>();
const entered = Promise.withResolvers<void>();
const release = Promise.withResolvers<void>();

before(async () => {
  http = await openTestServer([
    memberRoute(slow, async (context) => {
      try {
        await queryText(context, { text: `select pg_sleep(25) -- ${MARK}` });
      } catch (error) {
        cancelled.resolve({ message: String(error), gone: context.signal?.aborted ?? false });
        throw error;
      }
      cancelled.resolve({ message: "It ran to its end.", gone: false });
      return undefined;
    }),
    anyoneRoute(held, async () => {
      entered.resolve();
      await release.promise;
      return { done: true };
    }),
  ]);
  await http.server.listen({ host: "127.0.0.1", port: 0 });
  port = (http.server.server.address() as AddressInfo).port;
});

function headOf(path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: "localhost", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}`;
}

async function open(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}

/** Asks again and again until the answer is yes: what is waited for is an event elsewhere that tells nobody. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

test("a caller who goes away takes their statement with them, which is no error", async () => {
  const admin = await openAdmin();
  const tenant = await createTenant(http.database);
  const isRunning = async () => {
    const { rows } = await admin.query("select from pg_stat_activity where state = 'active' and query like $1", [
      `select pg_sleep(25) -- ${MARK}%`,
    ]);
    return rows.length > 0;
  };
  const socket = await open();
  socket.write(`${headOf(`/api/organizations/${tenant.slug}/slow`, authorization(tenant.owner))}\r\n`);
  await until(isRunning);
  socket.destroy();
  await until(async () => !(await isRunning()));
  const { message, gone } = await cancelled.promise;
  assert.match(message, /canceling statement due to user request/);
  assert.ok(gone);
  await until(async () => http.log.some((line) => line.includes("The caller went away.")));
  assert.deepEqual(
    http.log.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40),
    [],
  );
});

test("a server that is closed finishes what is under way, and refuses the rest with a problem document", async () => {
  // A connection that nobody ends would hold up the end of the server for ever.
  http.server.server.keepAliveTimeout = 0;
  const busy = await open();
  busy.write(`${headOf("/api/held")}\r\n`);
  await entered.promise;
  const late = await open();
  late.write(headOf("/healthz"));
  const closed = http.server.close();
  await until(isRefused);

  late.write("\r\n");
  const refusal = await readAll(late);
  assert.match(refusal, /^HTTP\/1\.1 503 /);
  assert.match(refusal, /^content-type: application\/problem\+json/im);
  assert.match(refusal, /^retry-after: 1\r$/im);
  assert.match(refusal, /^connection: close\r$/im);
  assert.match(refusal, /"code":"too_busy"/);

  release.resolve();
  const answer = await readAll(busy);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /\{"done":true\}$/);
  await closed;
});

/** Whether nobody listens any more. */
function isRefused(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => resolve(true));
    socket.on("connect", () => {
      socket.destroy();
      resolve(false);
    });
  });
}
