import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { backendOf, untilBlocked } from "../../test/harness.ts";
import { seal, unseal } from "./envelope.ts";
import { assertAllOpen, newInstallation, readSecrets, storeSecret, storeSecrets } from "./installation.fixture.ts";
import type { Keyring } from "./keyring.ts";
import { rewrapSecrets } from "./rewrapping.ts";
import { dropOldKeys, rotateKey } from "./rotation.ts";

test("wrapping anew that was killed half-way keeps what is done and goes on from there", async (context) => {
  const { config, keyring, client, newClient } = await newInstallation(context);
  await storeSecrets(client, keyring, 230);
  const rotated = await rotateKey(client, config);
  const victim = await newClient();
  const pid = await backendOf(victim);
  // The second batch waits for this row, and is killed while it waits.
  const rowOfSecondBatch = (await readSecrets(client))[150];
  await client.query("begin");
  await client.query("select id from kernel.secrets where id = $1 for update", [rowOfSecondBatch?.id]);
  const killed = assert.rejects(rewrapSecrets(victim, rotated));
  const observer = await newClient();
  await untilBlocked(observer, pid);
  await observer.query("select pg_terminate_backend($1)", [pid]);
  await killed;
  await client.query("commit");
  const half = await readSecrets(client);
  assert.equal(half.filter((secret) => secret.key_id === rotated.keys[0].id).length, 100);
  assert.deepEqual(await rewrapSecrets(client, rotated), { rewrapped: 130, refused: [] });
  const whole = await readSecrets(client);
  assertAllOpen(whole, rotated);
  assert.deepEqual(whole.slice(0, 100), half.slice(0, 100));
});

test("each batch is committed by itself and reported", async (context) => {
  const { config, keyring, client } = await newInstallation(context);
  await storeSecrets(client, keyring, 230);
  const reports: number[] = [];
  await rewrapSecrets(client, await rotateKey(client, config), (rewrapped) => reports.push(rewrapped));
  assert.deepEqual(reports, [100, 200, 230]);
  const { rows } = await client.query<{ rows: string }>(
    "select count(*) as rows from kernel.secrets group by xmin::text",
  );
  assert.deepEqual(rows.map((row) => Number(row.rows)).sort(), [100, 100, 30]);
});

test("a secret that is changed meanwhile keeps its new value", async (context) => {
  const { config, keyring, client, newClient } = await newInstallation(context);
  await storeSecret(client, keyring, "password");
  const rotated = await rotateKey(client, config);
  const writer = await newClient();
  await writer.query("begin");
  await writer.query("update kernel.secrets set sealed = $1", [seal(keyring, "changed", "password")]);
  const pid = await backendOf(client);
  const rewrapping = rewrapSecrets(client, rotated);
  await untilBlocked(await newClient(), pid);
  await writer.query("commit");
  assert.deepEqual(await rewrapping, { rewrapped: 1, refused: [] });
  const [secret] = await readSecrets(client);
  assert.ok(secret);
  assert.equal(secret.key_id, rotated.keys[0].id);
  assert.equal(unseal(rotated, secret.sealed, "password").toString(), "changed");
});

test("the rows of a batch stay locked from reading them to changing them", async (context) => {
  const { config, keyring, client } = await newInstallation(context);
  await storeSecret(client, keyring, "password");
  // Locking rows gives a transaction its id: if the update is what begins it, the locks were gone.
  await client.query(`
    create function kernel.assert_locked() returns trigger language plpgsql as $$
    begin
      if pg_current_xact_id_if_assigned() is null then raise 'the rows are not locked'; end if;
      return null;
    end $$;
    create trigger assert_locked before update on kernel.secrets execute function kernel.assert_locked();`);
  assert.equal((await rewrapSecrets(client, await rotateKey(client, config))).rewrapped, 1);
});

test("a damaged secret is named and left alone, and does not keep the others from being wrapped anew", async (context) => {
  const { config, keyring, client } = await newInstallation(context);
  await storeSecrets(client, keyring, 5);
  const damaged = (await readSecrets(client))[2];
  await client.query(
    "update kernel.secrets set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where id = $1",
    [damaged?.id],
  );
  const { rewrapped, refused } = await rewrapSecrets(client, await rotateKey(client, config));
  assert.equal(rewrapped, 4);
  assert.deepEqual(
    refused.map(({ table, row }) => ({ table, row })),
    [{ table: "kernel.secrets", row: `${damaged?.organization_id}/${damaged?.id}` }],
  );
  assert.match(refused[0]?.reason ?? "", new RegExp(`sealed with key ${keyring.keys[0].id} was altered`));
  await assert.rejects(
    dropOldKeys(client, config),
    new RegExp(`1 of kernel.secrets with key ${keyring.keys[0].id}\\.`),
  );
});

const PLACES = [
  "kernel.secrets",
  "kernel.signing_keys",
  "identity.second_factors",
  "kernel.mails",
  "tasks.webhook_secrets",
];

async function storeEverywhere(
  client: pg.Client,
  keyring: Keyring,
  status: "queued" | "kept" = "queued",
): Promise<void> {
  await storeSecret(client, keyring, "password");
  await client.query(
    "insert into kernel.signing_keys (id, public_key, sealed, signs_from) values ('a-signing-key', '{}', $1, now())",
    [seal(keyring, "private", "kernel.signing_keys/a-signing-key")],
  );
  await client.query(
    `with person as (insert into identity.users (email, full_name) values ('ada@example.com', 'Ada') returning id)
     insert into identity.second_factors (user_id, name, sealed_seed) select id, 'Phone', $1 from person`,
    [seal(keyring, "seed", "identity.second_factors")],
  );
  await client.query(
    "insert into kernel.mails (recipient, template, sealed_token, status) values ('ada@example.com', 'unlock', $1, $2)",
    [seal(keyring, "token", "kernel.mails"), status],
  );
  await client.query(
    `with endpoint as (
       insert into tasks.webhook_endpoints (organization_id, name, url)
       select organization_id, 'Writer', 'https://example.com/' from kernel.secrets limit 1 returning organization_id, id)
     insert into tasks.webhook_secrets (organization_id, endpoint_id, sealed) select organization_id, id, $1 from endpoint`,
    [seal(keyring, "webhook", "tasks.webhook_secrets")],
  );
}

async function keysInUse(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ place: string; sealed: Buffer }>(
    `select 'kernel.secrets' as place, sealed from kernel.secrets
     union all select 'kernel.signing_keys', sealed from kernel.signing_keys
     union all select 'identity.second_factors', sealed_seed from identity.second_factors
     union all select 'tasks.webhook_secrets', sealed from tasks.webhook_secrets
     union all select 'kernel.mails', sealed_token from kernel.mails`,
  );
  return Object.fromEntries(rows.map(({ place, sealed }) => [place, sealed.toString("hex", 1, 5)]));
}

test("everything that is kept sealed is wrapped anew, wherever it is", async (context) => {
  const { config, keyring, client } = await newInstallation(context);
  await storeEverywhere(client, keyring, "kept");
  const rotated = await rotateKey(client, config);
  assert.deepEqual(await rewrapSecrets(client, rotated), { rewrapped: PLACES.length, refused: [] });
  const { id } = rotated.keys[0];
  assert.deepEqual(await keysInUse(client), Object.fromEntries(PLACES.map((place) => [place, id])));
  const { rows } = await client.query("select sealed_token from kernel.mails");
  assert.equal(unseal(rotated, rows[0].sealed_token, "kernel.mails").toString(), "token");
  assert.deepEqual(await rewrapSecrets(client, rotated), { rewrapped: 0, refused: [] });
});

for (const place of PLACES) {
  test(`no key is dropped while only ${place} needs it`, async (context) => {
    const { config, keyring, client } = await newInstallation(context);
    await rotateKey(client, config);
    await storeEverywhere(client, keyring);
    for (const other of PLACES.filter((name) => name !== place)) await client.query(`delete from ${other}`);
    await assert.rejects(dropOldKeys(client, config), new RegExp(`1 of ${place} with key ${keyring.keys[0].id}\\.`));
    const { rows } = await client.query("select from kernel.keys");
    assert.equal(rows.length, 2);
    await client.query(`delete from ${place}`);
    assert.deepEqual(await dropOldKeys(client, config), [keyring.keys[0].id]);
  });
}
