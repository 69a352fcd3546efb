import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { openTestDatabase, testServer } from "../../test/harness.ts";
import { BusyError } from "./pool.ts";
import { RUNTIME_ROLES } from "./roles.ts";

const CONNECTIONS = 10;
const database = openTestDatabase(testServer.admin, CONNECTIONS);
const impatient = openTestDatabase(testServer.admin, CONNECTIONS, 500);

test("a request that finds no connection free in time is told to come back, and the next one is served", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: taken, resolve: take } = Promise.withResolvers<void>();
  const holder = impatient.lend("member", async () => {
    take();
    await released;
  });
  await taken;
  await assert.rejects(
    impatient.lend("member", async () => undefined),
    (error) => error instanceof BusyError && error.retryAfterSeconds > 0,
  );
  release();
  await holder;
  assert.equal(await impatient.lend("member", async () => "served"), "served");
});

test("all roles together open no more connections than the budget", async () => {
  await Promise.all(
    RUNTIME_ROLES.flatMap((role) => [1, 2, 3].map(() => database.lend(role, (client) => client.query("select")))),
  );
  const open = Object.values(database.statistics()).reduce((sum, role) => sum + role.open, 0);
  assert.ok(open >= RUNTIME_ROLES.length && open <= CONNECTIONS, `${open} connections`);
});

test("a connection that comes back inside a transaction is not lent again", async () => {
  const processId = () =>
    database.lend("own", async (client) => {
      const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
      return rows[0]?.pid;
    });
  const first = await processId();
  await database.lend("own", (client) => client.query("begin"));
  assert.notEqual(await processId(), first);
});

test("a connection that breaks in the moment it is handed over ends its request, not the process", async () => {
  // What a backend says in one breath that has just started when the server is killed.
  const goodbye = Buffer.from(
    ["R\0\0\0\b\0\0\0\0", "Z\0\0\0\u0005I", "E\0\0\0\u001bSFATAL\0C57P01\0Mkilled\0\0"].join(""),
    "latin1",
  );
  const dying = createServer((socket) => socket.once("data", () => socket.end(goodbye)));
  await once(dying.listen(0, "127.0.0.1"), "listening");
  const { port } = dying.address() as AddressInfo;
  const broken = openTestDatabase({ ...testServer.admin, host: "127.0.0.1", port, password: "" }, CONNECTIONS);
  await assert.rejects(broken.lend("gate", (client) => client.query("select")));
  dying.close();
});
