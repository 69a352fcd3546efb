import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { before, test } from "node:test";
import { withConnection } from "../kernel/database/connection.ts";
import { openKeyring } from "../kernel/secrets/keyring.ts";
import { clientSecretOf, type Issuer } from "../modules/identity/issuers.ts";
import { atEnd, createScratchDatabase, testServer } from "../test/harness.ts";
import { environmentOf, MAIN } from "./command.fixture.ts";

let environment: Record<string, string>;
let login: Awaited<ReturnType<typeof createScratchDatabase>>;
let issuer: string;

before(async () => {
  login = await createScratchDatabase();
  environment = environmentOf(login, "/nonexistent");
  // What a provider says of itself; more is not asked before it is saved.
  const server = createServer((request, response) => {
    if (request.url !== "/.well-known/openid-configuration") return response.writeHead(404).end();
    const algorithms = { id_token_signing_alg_values_supported: ["RS256", "ES256"] };
    response.writeHead(200, { "content-type": "application/json" });
    return response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks`, ...algorithms }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

async function provider(args: string[], input = "") {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [MAIN, "provider", ...args], { env, stdio: "pipe" });
  child.stdin.end(input);
  const status = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, stdout, stderr };
}

function query<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return withConnection(login, async (client) => (await client.query(sql, values)).rows as Row[]);
}

test("a provider is checked, saved with its secret sealed, listed, changed and removed", async () => {
  const good = ["add", "acme", "--issuer", issuer, "--sign-in", "--client-id", "tenon", "--client-secret", "-"];
  const added = await provider([...good, "--label", "Acme", "--algorithms", "RS256,ES256"], "hush 47\n");
  assert.equal(added.status, 0, added.stderr);
  assert.match(added.stdout, /\/api\/session\/providers\/acme\/callback/);
  const [row] = await query<Issuer>("select * from identity.issuers");
  assert.ok(row && !row.sealed_client_secret?.includes("hush 47"));
  assert.equal(clientSecretOf(openKeyring({ dataFolder: "", key: testServer.key }), row), "hush 47");
  const listed = await provider(["list"]);
  assert.match(listed.stdout, /^acme +http:\S+ {2}sign-in; RS256, ES256; linked: 0$/m);

  const elsewhere = await provider([
    "add",
    "acme",
    "--issuer",
    "https://other.example",
    ...good.slice(4),
    "--no-check",
  ]);
  assert.match(elsewhere.stderr, /There is a provider "acme" at another address/);
  assert.equal((await provider([...good, "--accept-tokens", "--audience", "a"], "new")).status, 0);
  const [user] = await query<{ id: string }>(
    "insert into identity.users (email, full_name) values ('a@example.com', 'A') returning id",
  );
  await query("insert into identity.external_identities (issuer, subject, user_id) values ('acme', 's', $1)", [
    user?.id,
  ]);
  assert.match((await provider(["remove", "acme"])).stdout, /disabled and the links are kept/);
  assert.match((await provider(["list"])).stdout, /access tokens, disabled; RS256; linked: 1$/m);
  assert.match((await provider(["remove", "acme", "--forget-links"])).stdout, /is removed/);
  assert.deepEqual(await query("select from identity.external_identities"), []);
  const gone = await provider(["remove", "acme"]);
  assert.deepEqual([gone.status, gone.stderr.startsWith('tenon: There is no provider "acme".')], [1, true]);
});

test("what cannot work is refused in words that say what to do, and nothing is saved", async () => {
  const base = ["add", "acme", "--issuer", issuer];
  const tokens = ["--accept-tokens", "--audience", "a"];
  const attempts: [string[], RegExp][] = [
    [base, /Say what it is for/],
    [["add", "Acme", "--issuer", issuer, ...tokens], /lower-case letters/],
    [["add", "acme", "--issuer", "http://acme.example", ...tokens], /must begin with https/],
    [[...base, "--sign-in"], /--client-id is needed/],
    [[...base, "--accept-tokens"], /--audience is needed/],
    [[...base, "--sign-in", "--client-id", "c", "--makes-accounts"], /needs --sign-in and --trusts-email/],
    [[...base, ...tokens, "--algorithms", "RS256,HS256"], /HS256 cannot be accepted/],
    [[...base, ...tokens, "--algorithms", "none"], /none cannot be accepted/],
    [[...base, ...tokens, "--algorithms", "EdDSA"], /It signs with RS256, ES256, but only EdDSA/],
    [["add", "acme", "--issuer", `${issuer}/other`, ...tokens], /could not be checked/],
  ];
  for (const [args, expected] of attempts) {
    const { status, stderr } = await provider(args);
    assert.equal(status, 1, args.join(" "));
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
  assert.deepEqual(await query("select from identity.issuers"), []);
});

test("the database itself takes no shared secret, no algorithm at all and no address without encryption", async () => {
  const refused = [
    "'{HS256}', 'https://a.example'",
    "'{none}', 'https://a.example'",
    "'{}', 'https://a.example'",
    "array['RS256', null], 'https://a.example'",
    "'{RS256}', 'http://a.example'",
    "'{RS256}', 'http://localhost.evil.example'",
    "'{RS256}', 'http://127.0.0.1@evil.example'",
  ];
  for (const values of refused) {
    const sql = `insert into identity.issuers (name, label, algorithms, issuer_url) values ('a', 'A', ${values})`;
    await assert.rejects(query(sql), { code: "23514" }, values);
  }
});
