import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { before, test } from "node:test";
import type { AnswerOf } from "../kernel/http/endpoint.ts";
import { tokenOf } from "../kernel/tenancy/credential.ts";
import type { listTasks } from "../modules/tasks/tasks-contract.ts";
import { adminOf, atEnd, type Tenant } from "../test/harness.ts";
import { answered, openTestServer, type TestHttpServer } from "../test/http/server.ts";
import { makeWorld } from "../test/http/world.ts";

const ROOT = join(import.meta.dirname, "..");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");

let folder: string;
let environment: NodeJS.ProcessEnv;
let guide: string;

/** A folder of somebody who has installed the package, and an installation that they may use. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-client-"));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const installed = join(folder, "node_modules", "tenon");
  await mkdir(installed, { recursive: true });
  await cp(join(ROOT, "package.json"), join(installed, "package.json"));
  await symlink(join(ROOT, "node_modules", "zod"), join(folder, "node_modules", "zod"));
  await run(process.execPath, [TSC, "-p", "client", "--outDir", join(installed, "dist", "client")], ROOT);
  guide = await readFile(join(ROOT, "docs", "api.md"), "utf8");
  const http = await openTestServer();
  const { tenant } = await makeWorld(http, await adminOf(http.database));
  await cancelQueued(http, tenant);
  const TENON = await http.server.listen({ host: "127.0.0.1", port: 0 });
  environment = { ...process.env, TENON, TOKEN: tokenOf(tenant.owner.credential), ORGANIZATION: tenant.slug };
});

/** Nobody works here: a task in line would be followed for ever. */
async function cancelQueued({ ask }: TestHttpServer, { owner, slug }: Tenant): Promise<void> {
  const url = `/api/organizations/${slug}/tasks`;
  const queued = await answered<AnswerOf<typeof listTasks>>(ask(owner, { url: `${url}?status=queued` }));
  const payload = { ids: queued.items.map(({ id }) => id) };
  await answered(ask(owner, { method: "POST", url: `${url}/cancel`, payload }));
}

/** Runs a program and resolves with what it says. Throws when it fails. */
async function run(command: string, parameters: string[], cwd: string): Promise<string> {
  const child = spawn(command, parameters, { cwd, env: environment ?? process.env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  assert.equal(code, 0, `${command}: ${out}${error}`);
  return out;
}

function blockOf(language: string): string {
  return (
    new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms").exec(guide)?.[1] ?? assert.fail(`There is no ${language}.`)
  );
}

test("the guide's program runs with the package as it is published, and has its types", async () => {
  await writeFile(join(folder, "program.mts"), blockOf("ts"));
  const said = await run(process.execPath, ["program.mts"], folder);
  assert.match(said, /^A Person$/m);
  assert.match(said, /^World waiting$/m);
  assert.match(said, /^not_found [0-9a-f-]{36}$/m);
  const options = ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--target", "es2024"];
  const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules", "@types")];
  await run(process.execPath, [TSC, ...options, ...types, "program.mts"], folder);
});

test("the guide's command lines run", async () => {
  const said = await run(
    "sh",
    ["-e", "-c", blockOf("sh").replaceAll("curl ", "curl --fail-with-body --silent ")],
    folder,
  );
  assert.match(said, /"name" ?: ?"World"/);
  assert.match(said, /"name" ?: ?"Questions"/);
});
