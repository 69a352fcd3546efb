import { nouns } from "../../app.ts";
import type { Operation } from "./description.ts";
import type { FuzzRequest } from "./fuzz-requests.ts";
import type { FuzzWorld } from "./fuzz-world.ts";
import { statementsOf } from "./statement-counts.ts";

const AT_ONCE = 8;
/** Exports of any length are read a thousand rows at a time, by a statement each. */
const READ_IN_PARTS = new Set(["audit.entry.export"]);

/** Requests that read many rows, or write them: what they take should not grow with the rows. */
function* requestsAmongMany(operations: readonly Operation[]): Generator<FuzzRequest> {
  for (const operation of operations) {
    const { operationId, method, path, parameters, responses } = operation;
    const types = Object.keys(responses[200]?.content ?? {});
    if (method !== "GET" || types.includes("text/event-stream") || READ_IN_PARTS.has(operationId)) continue;
    const address = path.replaceAll(/\{(\w+)\}/g, "~own.$1~");
    const needed = parameters.filter(({ in: place, required }) => place === "query" && required);
    const query = needed.map(({ name, example }) => `${name}=${example}`);
    const request = { operation: operationId, caller: "owner" as const, method, headers: {} };
    yield { ...request, url: [address, ...query].join("?") };
    if (!/\.(list|get)$/.test(operationId)) continue;
    const embed = parameters
      .find(({ name }) => name === "embed")
      ?.description?.split(": ")
      .at(-1)
      ?.replace(".", "");
    if (embed) yield { ...request, url: `${address}?embed=${embed}` };
    if (types.includes("text/csv")) yield { ...request, url: address, headers: { accept: "text/csv" } };
  }
}

/** Bulk writes of one row and of many: the same, about rows that are not there, and about such as are. */
function* bulksOf(operations: readonly Operation[], rows: number): Generator<FuzzRequest> {
  const byTable = new Map(nouns.map((noun) => [`${noun.name}.bulk`, noun]));
  for (const { operationId, method, path } of operations) {
    const noun = byTable.get(operationId);
    const [key = "", ...others] = noun?.key ?? [];
    if (!noun?.writes.includes("delete") || noun.facts.columns[key]?.kind !== "uuid") continue;
    const row = Object.fromEntries(others.map((name) => [name, `~own.${name}~`]));
    const list = Array.from({ length: rows }, (_, place) => ({
      [key]: `0198f0c2-7a51-7000-8000-${String(place).padStart(12, "0")}`,
      ...row,
    }));
    const payload = JSON.stringify({ delete: list, atomic: false });
    const url = path.replaceAll(/\{(\w+)\}/g, "~own.$1~");
    const headers = { "content-type": "application/json" };
    yield { operation: operationId, caller: "owner", method, url, headers, payload };
  }
}

type Taken = { request: FuzzRequest; status: number; statements: number; length: number };

async function takenBy(world: FuzzWorld, requests: readonly FuzzRequest[]): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (let place = 0; place < requests.length; place += AT_ONCE) {
    const some = requests.slice(place, place + AT_ONCE).map(async (request) => {
      const [{ statusCode, payload }, statements] = await statementsOf(() => world.send(request));
      return { request, status: statusCode, statements, length: payload.length };
    });
    taken.push(...(await Promise.all(some)));
  }
  return taken;
}

/**
 * Sends the requests with some rows and with more. Resolves with those that took more statements then, and how many were answered
 * with more than before: only those prove something.
 */
export async function findGrowth(
  world: FuzzWorld,
  operations: readonly Operation[],
): Promise<{ faults: string[]; proved: number }> {
  const requests = [...requestsAmongMany(operations)];
  const few = await takenBy(world, [...requests, ...bulksOf(operations, 1)]);
  await world.grow();
  const many = await takenBy(world, [...requests, ...bulksOf(operations, 50)]);
  const pairs = few.flatMap((before, place) => {
    const after = many[place];
    const isMore = after && before.status === 200 && after.status === 200 && after.length > before.length;
    return isMore ? [{ before, after }] : [];
  });
  const faults: string[] = [];
  for (const { before, after } of pairs.filter(({ before, after }) => after.statements > before.statements)) {
    // What the process does beside the request may have been counted: then it is not when it is asked again.
    const [again = after] = await takenBy(world, [after.request]);
    if (again.statements > before.statements)
      faults.push(`${before.statements} → ${again.statements} statements: ${JSON.stringify(before.request)}`);
  }
  return { proved: pairs.length, faults };
}
