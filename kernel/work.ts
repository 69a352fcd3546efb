import type { Database } from "./database/pool.ts";
import type { Services } from "./services.ts";

/** What background work is given; `signal` is aborted when the process is to end. */
export type Workplace = { database: Database; services: Services; signal: AbortSignal };

/** Something that a server does again and again beside its requests. It must bear to be done by several processes at once. */
export type Work = { name: string; everySeconds: number; run(workplace: Workplace): Promise<void> };
