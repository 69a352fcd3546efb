import { setTimeout as delay } from "node:timers/promises";
import { runBatch } from "../../kernel/database/batch.ts";
import type { Database } from "../../kernel/database/pool.ts";
import { median } from "../bench.ts";
import type { Engine } from "./engine.ts";

const PICK_UPS = 400;
const BETWEEN_MS = 5;
const ROUND_TRIPS_ALLOWED = 3;
const ALLOWED_MS = 10;

export type PickUp = { roundTripMs: number; p95Ms: number; allowedMs: number };

/** How soon a task begins after it was put in line and the worker told, under light load: about a hundred a second. */
export async function measurePickUp(engine: Engine, database: Database): Promise<PickUp> {
  const trips: number[] = [];
  const waits: number[] = [];
  for (let call = 0; call < PICK_UPS; call++) {
    const started = performance.now();
    await database.lend("member", (client) => runBatch(client, [{ text: "select 1", fixed: true }]));
    trips.push(performance.now() - started);
    waits.push(await engine.pickUpMs());
    await delay(BETWEEN_MS);
  }
  const roundTripMs = median(trips);
  const p95Ms = waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.95)] ?? 0;
  return { roundTripMs, p95Ms, allowedMs: ROUND_TRIPS_ALLOWED * roundTripMs + ALLOWED_MS };
}
