import assert from "node:assert/strict";
import { test } from "node:test";
import { exportJWK } from "jose";
import type { Database } from "../../kernel/database/pool.ts";
import { createScratchDatabase, openAdmin, openTestDatabase, testServices } from "../../test/harness.ts";
import { openTestServer } from "../../test/http/server.ts";
import { rotateSigningKey } from "./public.ts";
import { currentSigningKey, ensureSigningKey, publishedKeys, signingKeyWork, verifyingKey } from "./signing-keys.ts";

const services = testServices();

/** A database without keys; each pool believes to be a process of its own. */
async function newHouse() {
  const login = await createScratchDatabase();
  const admin = await openAdmin(login);
  await admin.query("delete from kernel.signing_keys");
  const open = () => openTestDatabase(login, 12);
  const later = (time: string) =>
    admin.query(
      `update kernel.signing_keys set created_at = created_at - $1::interval, signs_from = signs_from - $1::interval,
         retired_at = retired_at - $1::interval`,
      [time],
    );
  return { admin, open, later };
}

const signerOf = async (database: Database) => (await currentSigningKey({ database, services })).id;
const published = async (database: Database) => (await publishedKeys({ database, services })).map(({ kid }) => kid);

test("the first key signs at once, and many processes at once make one", async () => {
  const { admin, open } = await newHouse();
  const ids = await Promise.all([open(), open(), open()].map(signerOf));
  assert.equal(new Set(ids).size, 1);
  assert.equal((await admin.query("select from kernel.signing_keys")).rows.length, 1);
});

test("a key is followed after 90 days by one that is published a day before it signs; the old one retires a day later", async () => {
  const { open, later } = await newHouse();
  const first = await signerOf(open());
  const workplace = { database: open(), services, signal: new AbortController().signal };
  await signingKeyWork.run(workplace);
  await later("89 days");
  assert.equal(await ensureSigningKey({ database: open(), services }), false);
  await later("1 day 1 minute");
  await signingKeyWork.run(workplace);
  assert.equal(await ensureSigningKey({ database: open(), services }), false);
  const both = await published(open());
  assert.equal(both.length, 2);
  assert.equal(await signerOf(open()), first);
  await later("23 hours 59 minutes");
  assert.equal(await signerOf(open()), first);
  await later("1 minute");
  const second = both.find((id) => id !== first);
  assert.equal(await signerOf(open()), second);
  assert.ok(await verifyingKey(open(), first));
  await later("1 day");
  assert.deepEqual(await published(open()), [second]);
  assert.equal(await verifyingKey(open(), first), undefined);
});

test("a new key may be wanted earlier, and a key that was retired is not kept longer by it", async () => {
  const { admin, open } = await newHouse();
  const first = await signerOf(open());
  const retiresOf = async () =>
    (await admin.query("select retired_at from kernel.signing_keys where id = $1", [first])).rows[0].retired_at;
  await rotateSigningKey({ database: open(), services });
  const retires = await retiresOf();
  await rotateSigningKey({ database: open(), services });
  assert.deepEqual(await retiresOf(), retires);
  assert.equal((await published(open())).length, 3);
  assert.equal(await signerOf(open()), first);
});

test("a process learns a key that another one made, but does not look for every name that is made up", async () => {
  const { admin, open } = await newHouse();
  const database = open();
  const first = await signerOf(database);
  assert.ok(await verifyingKey(database, first));
  await admin.query("delete from kernel.signing_keys");
  // Read a moment ago: kept, whatever is asked for.
  assert.equal(await verifyingKey(database, "AAAAAAAAAAAA"), undefined);
  assert.ok(await verifyingKey(database, first));
});

test("what is published are public keys, and the private half is sealed in the database", async () => {
  const { server, database } = await openTestServer();
  const answer = await server.inject({ url: "/.well-known/jwks.json" });
  assert.equal(answer.statusCode, 200);
  for (const key of answer.json().keys) {
    assert.deepEqual(Object.keys(key).sort(), ["alg", "crv", "kid", "kty", "use", "x"]);
    assert.deepEqual([key.kty, key.crv, key.alg, key.use], ["OKP", "Ed25519", "EdDSA", "sig"]);
  }
  const { id, key } = await currentSigningKey({ database, services });
  assert.ok(answer.json().keys.some(({ kid }: { kid: string }) => kid === id));
  await assert.rejects(exportJWK(key), /extractable/);
  const { rows } = await (await openAdmin()).query("select k::text as text from kernel.signing_keys k");
  for (const { text } of rows) assert.doesNotMatch(text, /"d"/);
});
