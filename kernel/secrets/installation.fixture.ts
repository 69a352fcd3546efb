import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type pg from "pg";
import { createScratchDatabase } from "../../test/harness.ts";
import { connect } from "../database/connection.ts";
import { seal, unseal } from "./envelope.ts";
import { type Keyring, openKeyring } from "./keyring.ts";
import { registerKey } from "./registry.ts";

const PAYLOAD_START = 65;
const ORGANIZATIONS = [randomUUID(), randomUUID(), randomUUID()];

export type Stored = { organization_id: string; id: string; name: string; sealed: Buffer; key_id: string };

/** A database, a data folder and a connection of the test's own. */
export async function newInstallation(context: TestContext) {
  const login = await createScratchDatabase();
  const dataFolder = mkdtempSync(join(tmpdir(), "tenon-rotation-"));
  const clients: pg.Client[] = [];
  context.after(async () => {
    rmSync(dataFolder, { recursive: true });
    await Promise.all(clients.map((client) => client.end()));
  });
  const newClient = async () => {
    const client = await connect(login);
    clients.push(client);
    return client;
  };
  const client = await newClient();
  await client.query("delete from kernel.keys");
  await client.query(
    "insert into organizations.organizations (id, name, slug) select id, 'Test', id::text from unnest($1::uuid[]) id",
    [ORGANIZATIONS],
  );
  const config = { dataFolder, key: undefined };
  const keyring = openKeyring(config);
  await registerKey(client, keyring);
  return { config, keyring, client, newClient };
}

export async function storeSecrets(client: pg.Client, keyring: Keyring, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await storeSecret(client, keyring, `secret ${index}`, index);
}

export async function storeSecret(client: pg.Client, keyring: Keyring, name: string, index = 0): Promise<void> {
  await client.query("insert into kernel.secrets (organization_id, name, sealed) values ($1, $2, $3)", [
    ORGANIZATIONS[index % ORGANIZATIONS.length],
    name,
    seal(keyring, `plaintext of ${name}`, name),
  ]);
}

export async function readSecrets(client: pg.Client): Promise<Stored[]> {
  const { rows } = await client.query<Stored>(
    "select organization_id, id, name, sealed, key_id from kernel.secrets order by organization_id, id",
  );
  return rows;
}

export function assertAllOpen(secrets: Stored[], keyring: Keyring): void {
  for (const { name, sealed, key_id } of secrets) {
    assert.equal(key_id, keyring.keys[0].id);
    assert.equal(unseal(keyring, sealed, name).toString(), `plaintext of ${name}`);
  }
}

export const payloads = (secrets: Stored[]) =>
  secrets.map(({ id, sealed }) => [id, sealed.toString("hex", PAYLOAD_START)]);
export const idsOf = (keyring: Keyring) => keyring.keys.map((key) => key.id);
