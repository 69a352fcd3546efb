import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { ask, FAST, open, postmasterPid, shareFolder } from "./embedded.fixture.ts";
import { openEmbedded } from "./embedded.ts";

const { folder, cluster } = shareFolder();

before(async () => {
  const server = await openEmbedded(folder, { settings: FAST });
  await server.close();
});

test("lock files with the process id of another program are no hindrance", async (t) => {
  const { uid, gid } = statSync(cluster);
  const other = spawn("sleep", ["600"], { uid, gid, stdio: "ignore" });
  t.after(() => other.kill());
  for (const name of ["postmaster.pid", ".s.PGSQL.5432.lock"]) {
    writeFileSync(join(cluster, name), `${other.pid}\n${cluster}\n1700000000\n5432\n${cluster}\n\n`);
  }
  const lines: string[] = [];
  const server = await open(t, folder, { report: (line) => lines.push(line) });
  assert.equal(lines.filter((line) => line.includes(`names process ${other.pid}, which is another program`)).length, 2);
  assert.equal(await ask(server.admin, "select 1"), 1);
  await server.close();
});

test("an empty lock file, which PostgreSQL left when it was killed in its first moment, is no hindrance", async (t) => {
  const file = join(cluster, "postmaster.pid");
  writeFileSync(file, "");
  utimesSync(file, 0, 0);
  const server = await open(t, folder);
  assert.equal(await ask(server.admin, "select 1"), 1);
  await server.close();
});

test("a lost or damaged password is set anew, also while PostgreSQL runs", async (t) => {
  const file = join(folder, "postgres.password");
  const rules = readFileSync(join(cluster, "pg_hba.conf"), "utf8");
  rmSync(file);
  const first = await open(t, folder, { settings: { ...FAST, log_statement: "all" } });
  writeFileSync(file, "damaged");
  const second = await open(t, folder);
  assert.equal(await ask(second.admin, "select 1"), 1);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(readFileSync(join(cluster, "pg_hba.conf"), "utf8"), rules);
  await assert.rejects(ask({ ...second.admin, password: "wrong" }, "select 1"), { code: "28P01" });
  assert.doesNotMatch(readFileSync(join(folder, "postgres.log"), "utf8"), new RegExp(second.admin.password));
  await first.close();
  await second.close();
});

test("a start that fails tells PostgreSQL's reason and leaves nothing running", async () => {
  const settings = { ...FAST, shared_buffers: "plenty" };
  await assert.rejects(
    openEmbedded(folder, { settings }),
    /ended while it started[\s\S]*invalid value for parameter "shared_buffers": "plenty"/,
  );
  assert.equal(postmasterPid(cluster), undefined);
});
