import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { tokenOf } from "../kernel/tenancy/credential.ts";
import { atEnd, createTenant, openAdmin, openTestDatabase, type Tenant, testServer } from "../test/harness.ts";
import { compare, type Finding, rateRows } from "./bench.ts";
import { ID_OF, listOf, makeItems } from "./items.ts";

const GOAL = 0.35;
const CALLERS = 16;
const CALLS = 28_000;

/** An authenticated list of 50 rows over HTTP, against the bare statement through pg alone, on 1,000,000 rows. */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  await makeItems(admin);
  const tenant = await createTenant(openTestDatabase());
  await giveItems(admin, tenant);

  const pool = new pg.Pool({ ...testServer.admin, max: CALLERS });
  atEnd(() => pool.end());
  const server = fork(join(import.meta.dirname, "reads-server.ts"));
  atEnd(async () => server.disconnect());
  const [{ address }] = (await once(server, "message")) as [{ address: string }];
  const path = `/api/organizations/${tenant.slug}/bench/items`;
  const get = await openClient(address, path, tokenOf(tenant.owner.credential));

  const statement = { name: "list", text: listOf("items"), values: [tenant.id] };
  const times: number[] = [];
  const before = await cpuSeconds(server);
  const comparison = await compare(
    {
      "bare statement through pg": async () => {
        const client = await pool.connect();
        await client.query(statement);
        client.release();
      },
      "list over HTTP": async () => times.push(await get()),
    },
    { calls: CALLS, callers: CALLERS },
  );
  const cpu = (await cpuSeconds(server)) - before;
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  const table = rateRows(comparison);
  Object.assign(table[1] ?? {}, { "p99 ms": p99.toFixed(1), "server CPU µs": Math.round((cpu * 1e6) / times.length) });
  return { table, figure: comparison.ratio, goal: GOAL };
}

/**
 * A client on plain sockets, each answering one caller at a time: Node's own would take as much of the processors as the server
 * that is measured. Resolves with the milliseconds that a call took.
 */
async function openClient(address: string, path: string, token: string): Promise<() => Promise<number>> {
  const { hostname, port } = new URL(address);
  const call = `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\n\r\n`;
  const idle = await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      const socket = connect(Number(port), hostname).setNoDelay();
      await once(socket, "connect");
      atEnd(async () => socket.destroy());
      return socket;
    }),
  );
  return async () => {
    const socket = idle.pop() ?? assert.fail("more callers than sockets");
    const started = performance.now();
    socket.write(call);
    await readAnswer(socket);
    idle.push(socket);
    return performance.now() - started;
  };
}

function readAnswer(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0;
    let expected = Number.POSITIVE_INFINITY;
    const onData = (data: Buffer) => {
      if (received === 0) expected = answerBytes(data);
      received += data.length;
      if (received < expected) return;
      socket.off("data", onData);
      if (received === expected) resolve();
      else reject(new Error("The server answered something else."));
    };
    socket.on("data", onData);
  });
}

/** How long an answer is, by its head, which arrives in one piece; not a number unless it is a 200. */
function answerBytes(data: Buffer): number {
  const head = data.toString("latin1", 0, data.indexOf("\r\n\r\n") + 4);
  const length = /^HTTP\/1\.1 200 [\s\S]*content-length: (\d+)/i.exec(head)?.[1];
  return length === undefined ? Number.NaN : head.length + Number(length);
}

async function cpuSeconds(server: ChildProcess): Promise<number> {
  server.send("cpu");
  const [{ cpu }] = (await once(server, "message")) as [{ cpu: NodeJS.CpuUsage }];
  return (cpu.user + cpu.system) / 1e6;
}

async function giveItems(admin: pg.Client, { id }: Tenant): Promise<void> {
  await admin.query("set session_replication_role = replica");
  await admin.query(`update bench.items set organization_id = $1 where organization_id = ${ID_OF("7")}`, [id]);
  await admin.query("reset session_replication_role");
  await admin.query("vacuum analyze bench.items");
}
