import type { Database } from "../database/pool.ts";
import type { KeyCredential } from "../tenancy/credential.ts";

/** Counts the requests of API keys, in the process and beside the request: nothing is asked or written for a single one. */
export type CallMeter = {
  /** Throws the problem limit_reached when the key's organization has used up its requests, as far as this process knows. */
  refuse(database: Database, credential: KeyCredential): void;
  /** Counts a request that was let in. */
  count(database: Database, credential: KeyCredential): void;
  /** Writes down what was counted since. */
  flush(database: Database): Promise<void>;
};
