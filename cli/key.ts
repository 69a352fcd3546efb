import { Command } from "commander";
import { type Config, readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { type Installation, openInstallation } from "../kernel/installation.ts";
import { rewrapSecrets } from "../kernel/secrets/rewrapping.ts";
import { dropOldKeys, rotateKey } from "../kernel/secrets/rotation.ts";
import { resignSeals } from "../modules/audit/public.ts";
import { rotateSigningKey } from "../modules/identity/public.ts";

/** `tenon key`: what is done with the key that seals the secrets. */
export function keyCommand(): Command {
  return new Command("key")
    .description("look after the key that seals the secrets")
    .addCommand(new Command("rotate").description("make a new key and wrap every secret anew under it").action(rotate))
    .addCommand(new Command("drop-old").description("drop the older keys, once no secret needs them").action(dropOld))
    .addCommand(
      new Command("rotate-tokens")
        .description("make a new key that signs access tokens, from tomorrow on")
        .action(rotateTokens),
    );
}

function rotate(): Promise<void> {
  return withInstallation(async (config, installation) => {
    await withConnection(installation.server.admin, async (admin) => {
      const keyring = await rotateKey(admin, config);
      const { rewrapped, refused } = await rewrapSecrets(admin, keyring);
      console.log(`The key is now ${keyring.keys[0].id}. Wrapped anew: ${rewrapped} secrets.`);
      for (const { table, row, reason } of refused) console.log(`Left as it was: ${table} ${row}: ${reason}`);
      const seals = await resignSeals(admin, keyring);
      console.log(`Signed anew: ${seals.resigned} seals of the record.`);
      for (const id of seals.refused)
        console.log(`Left as it was: seal ${id} of the record is not authentic. "tenon audit verify" says more.`);
      if (refused.length + seals.refused.length > 0) process.exitCode = 1;
    });
    // Opening once more gives the database roles the passwords that follow from the new key.
    await (await openInstallation(config, console.log)).close();
    console.log(
      'Restart the servers, back the key up, then run "tenon key drop-old". Backups made before still need the old key.',
    );
  });
}

function dropOld(): Promise<void> {
  return withInstallation(async (config, installation) => {
    const dropped = await withConnection(installation.server.admin, (admin) => dropOldKeys(admin, config));
    console.log(dropped.length > 0 ? `Dropped: ${dropped.join(", ")}.` : "There was no old key to drop.");
  });
}

function rotateTokens(): Promise<void> {
  return withInstallation(async (_, { database, keyring }) => {
    await rotateSigningKey({ database, services: { keyring } });
    console.log(
      "A new key is published. It signs access tokens from tomorrow on, and the old one is refused a day after that.",
    );
  });
}

async function withInstallation(work: (config: Config, installation: Installation) => Promise<void>): Promise<void> {
  const config = readConfig();
  const installation = await openInstallation(config, console.log);
  try {
    await work(config, installation);
  } finally {
    await installation.close();
  }
}
