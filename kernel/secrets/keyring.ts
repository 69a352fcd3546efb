import { join } from "node:path";
import type { Config } from "../config.ts";
import { type Key, type Keys, parseKeyList } from "./key.ts";
import { createKeyFile, type Report, readKeyFile } from "./key-file.ts";

/** The keys at hand, the current one first. `reload` reads them anew from where they came from. */
export type Keyring = { readonly keys: Keys; readonly reload: () => void };

/** Where the key file stands when `TENON_KEY` is not set. */
export function keyFilePath(config: Pick<Config, "dataFolder">): string {
  return join(config.dataFolder, "key");
}

/**
 * Takes the keys from `config.key`, or else from the file `key` in the data folder, which is made at the first start.
 * `report` is told when the file's mode had to be repaired. Throws an error that says what is wrong with which key.
 */
export function openKeyring(config: Pick<Config, "dataFolder" | "key">, report: Report = console.warn): Keyring {
  if (config.key !== undefined) return { keys: parseKeyList(config.key), reload: () => undefined };
  const path = keyFilePath(config);
  let keys = readKeyFile(path, report);
  if (!keys) {
    createKeyFile(path);
    keys = readExistingKeyFile(path, report);
  }
  return keyringOfFile(path, keys, report);
}

/** The key named `id`, or undefined. Looks into the key file again first: a rotation elsewhere may have added it. */
export function findKey(keyring: Keyring, id: string): Key | undefined {
  const isWanted = (key: Key) => key.id === id;
  const known = keyring.keys.find(isWanted);
  if (known) return known;
  keyring.reload();
  return keyring.keys.find(isWanted);
}

function keyringOfFile(path: string, initial: Keys, report: Report): Keyring {
  let keys = initial;
  return {
    get keys() {
      return keys;
    },
    reload() {
      keys = readExistingKeyFile(path, report);
    },
  };
}

function readExistingKeyFile(path: string, report: Report): Keys {
  const keys = readKeyFile(path, report);
  if (!keys) throw new Error(`The key file ${path} has disappeared. Put it back from your backup before going on.`);
  return keys;
}
