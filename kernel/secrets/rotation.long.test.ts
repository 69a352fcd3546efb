import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { backendOf, untilBlocked } from "../../test/harness.ts";
import { unseal } from "./envelope.ts";
import {
  assertAllOpen,
  idsOf,
  newInstallation,
  payloads,
  readSecrets,
  storeSecret,
  storeSecrets,
} from "./installation.fixture.ts";
import { keyToHex, newKey } from "./key.ts";
import { keyFilePath, openKeyring } from "./keyring.ts";
import { registerKey } from "./registry.ts";
import { rewrapSecrets } from "./rewrapping.ts";
import { dropOldKeys, rotateKey } from "./rotation.ts";

test("a rotation from end to end: new key, all secrets wrapped anew, old key dropped, every secret opens", async (context) => {
  const { config, keyring, client } = await newInstallation(context);
  await storeSecrets(client, keyring, 230);
  const before = await readSecrets(client);
  const rotated = await rotateKey(client, config);
  assert.deepEqual(idsOf(rotated).slice(1), idsOf(keyring));
  assert.deepEqual(await rewrapSecrets(client, rotated), { rewrapped: 230, refused: [] });
  assert.deepEqual(await dropOldKeys(client, config), idsOf(keyring));
  const after = await readSecrets(client);
  assert.deepEqual(payloads(after), payloads(before));
  const reopened = openKeyring(config);
  assert.deepEqual(idsOf(reopened), [rotated.keys[0].id]);
  assertAllOpen(after, reopened);
  assert.deepEqual(await dropOldKeys(client, config), []);
  assert.deepEqual(await rewrapSecrets(client, reopened), { rewrapped: 0, refused: [] });
});

test("a process with the old keyring goes on reading through a rotation, from the key file", async (context) => {
  const { config, keyring, client } = await newInstallation(context);
  await storeSecrets(client, keyring, 3);
  await rewrapSecrets(client, await rotateKey(client, config));
  assert.equal(keyring.keys.length, 1);
  assertAllOpen(await readSecrets(client), openKeyring(config));
  for (const { name, sealed } of await readSecrets(client)) unseal(keyring, sealed, name);
  assert.deepEqual(idsOf(keyring), idsOf(openKeyring(config)));
});

test("no key is dropped while a secret is sealed with it, not even one that is being stored right now", async (context) => {
  const { config, keyring, client, newClient } = await newInstallation(context);
  await rotateKey(client, config);
  const content = readFileSync(keyFilePath(config), "utf8");
  const writer = await newClient();
  await writer.query("begin");
  await storeSecret(writer, keyring, "late");
  const pid = await backendOf(client);
  const dropping = assert.rejects(dropOldKeys(client, config), {
    message:
      `No key was dropped, because rows still need old ones: 1 of kernel.secrets with key ${keyring.keys[0].id}. ` +
      "Wrap them anew under the current key first, and restart servers that still use an old one.",
  });
  await untilBlocked(await newClient(), pid);
  await writer.query("commit");
  await dropping;
  assert.equal(readFileSync(keyFilePath(config), "utf8"), content);
  await registerKey(client, openKeyring(config));
});

test("nothing can be stored any more under a key that was dropped", async (context) => {
  const { config, keyring, client } = await newInstallation(context);
  await rotateKey(client, config);
  await dropOldKeys(client, config);
  await assert.rejects(storeSecret(client, keyring, "too late"), { code: "23503" });
  await storeSecret(client, openKeyring(config), "in time");
});

test("two rotations at once both leave their key in the file", async (context) => {
  const { config, keyring, client, newClient } = await newInstallation(context);
  const other = await newClient();
  await Promise.all([rotateKey(client, config), rotateKey(other, config)]);
  const ids = idsOf(openKeyring(config));
  assert.equal(ids.length, 3);
  assert.equal(ids[2], keyring.keys[0].id);
});

test("a database whose key is not at hand is refused, by the key's name, and nothing changes", async (context) => {
  const { config, keyring, client } = await newInstallation(context);
  const stranger = keyToHex(newKey());
  const foreign = openKeyring({ ...config, key: stranger });
  const message = new RegExp(
    `sealed with key ${keyring.keys[0].id}, but at hand is only ${foreign.keys[0].id}\\. Put the missing key back`,
  );
  await assert.rejects(registerKey(client, foreign), message);
  await assert.rejects(rewrapSecrets(client, foreign), message);
  await assert.rejects(dropOldKeys(client, { ...config, key: stranger }), message);
  const { rows } = await client.query<{ id: string }>("select id from kernel.keys");
  assert.deepEqual(
    rows.map((row) => row.id),
    idsOf(keyring),
  );
});

test("keys of the environment rotate by their order there", async (context) => {
  const { config, keyring, client } = await newInstallation(context);
  await storeSecrets(client, keyring, 3);
  const key = `${keyToHex(newKey())},${keyToHex(keyring.keys[0])}`;
  await assert.rejects(
    rotateKey(client, { ...config, key }),
    /from TENON_KEY, .* Set TENON_KEY=<new key>,<present keys>/,
  );
  const rotated = openKeyring({ ...config, key });
  assert.deepEqual(await rewrapSecrets(client, rotated), { rewrapped: 3, refused: [] });
  const content = readFileSync(keyFilePath(config), "utf8");
  assert.deepEqual(await dropOldKeys(client, { ...config, key }), idsOf(keyring));
  assert.equal(readFileSync(keyFilePath(config), "utf8"), content);
  assertAllOpen(await readSecrets(client), openKeyring({ ...config, key: key.slice(0, 64) }));
});
