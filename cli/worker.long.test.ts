import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { openSignal } from "../modules/tasks/public.ts";
import { atEnd, createScratchDatabase, openAdmin, openTestDatabase } from "../test/harness.ts";
import { environmentOf, runCommand, startCommand } from "./command.fixture.ts";

const login = await createScratchDatabase();
const admin = await openAdmin(login);
const folder = await mkdtemp(join(tmpdir(), "tenon-worker-"));
atEnd(() => rm(folder, { recursive: true }));
const environment = { ...environmentOf(login, folder), TENON_URL: "https://tenon.example", TENON_SMTP_URL: "" };

async function until(condition: string): Promise<void> {
  while (!(await admin.query(`select ${condition} as met`)).rows[0].met);
}

test("a worker does what is queued, here or elsewhere, and ends when it is told to", async () => {
  const child = startCommand(["worker", "--concurrency", "3"], environment);
  atEnd(async () => child.kill("SIGKILL"));
  const lines: string[] = [];
  const ready = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    if (/worker is ready: 3 tasks at once/.test(line)) ready.resolve();
  });
  const errors = text(child.stderr);
  child.once("exit", async () => ready.reject(new Error(`${lines.join("\n")}\n${await errors}`)));
  await ready.promise;
  const signal = openSignal(openTestDatabase(login), () => undefined);
  await signal.listening;
  await admin.query("select kernel.queue_mail('ada@example.com', 'reset_password', '{}')");
  signal.send();
  await until("exists (select from kernel.mails where status = 'kept')");
  await until("exists (select from tasks.entries where type = 'audit.seals' and state = 'later')");
  await signal.close();
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
  assert.equal(lines.at(-1), "Stopping …");
  await until("not exists (select from tasks.claims)");
});

test("a worker that could send no links, or has nothing to do, says so", () => {
  const without = runCommand(["worker"], { ...environment, TENON_URL: "" });
  assert.deepEqual([without.status, /^tenon: Set TENON_URL/.test(without.stderr)], [1, true], without.stderr);
  const idle = runCommand(["worker"], { ...environment, TENON_CONCURRENCY: "0" });
  assert.deepEqual([idle.status, /^tenon: TENON_CONCURRENCY is 0/.test(idle.stderr)], [1, true], idle.stderr);
  const odd = runCommand(["worker", "--concurrency", "none"], environment);
  assert.match(odd.stderr, /whole number from 1 to 1000/);
});
