import assert from "node:assert/strict";
import fc from "fast-check";
import type { LightMyRequestResponse } from "fastify";
import { type Description, type Operation, readDescription } from "./description.ts";
import { findGrowth } from "./fuzz-growth.ts";
import { type FuzzRequest, requestsTo } from "./fuzz-requests.ts";
import { openValueMaker, type ValueMaker } from "./fuzz-values.ts";
import { type FuzzWorld, openFuzzWorld, SECRET } from "./fuzz-world.ts";

const AT_ONCE = 8;
/** After so many, all that can be deleted is: the organization is made anew. */
const CALLS_PER_WORLD = 2_500;
/** What ends things comes last, so that the others still find them. */
const ORDER = ["GET", "PUT", "PATCH", "POST", "DELETE"];

export type Fuzz = {
  /** What takes more statements when there are more rows, of how many that were compared. */
  growth(): ReturnType<typeof findGrowth>;
  /** Sends a request that was found before; resolves with what is wrong with the answer, if anything. */
  again(request: FuzzRequest): Promise<string | undefined>;
  /** Makes so many requests, of each operation about as many, and resolves with what is wrong with the answers. */
  run(calls: number, seed: number): Promise<Findings>;
};

/** Faults with the seed and the request, and how many answers had which status. */
export type Findings = { faults: string[]; statuses: Map<number, number> };

export async function openFuzz(): Promise<Fuzz> {
  const world = await openFuzzWorld();
  const description = await readDescription(world.http);
  const { operations, schemas } = description;
  const sorted = operations.toSorted((one, other) => ORDER.indexOf(one.method) - ORDER.indexOf(other.method));
  const maker = openValueMaker(schemas);
  const byName = new Map(operations.map((operation) => [operation.operationId, operation]));
  return {
    growth: () => findGrowth(world, operations),
    again: (request) => {
      const operation = byName.get(request.operation) ?? assert.fail(`There is no operation ${request.operation}.`);
      return faultOf({ world, description }, operation, request);
    },
    run: async (calls, seed) => {
      const findings: Findings = { faults: [], statuses: new Map() };
      for (let done = 0; done < calls; done += CALLS_PER_WORLD) {
        if (done > 0) await world.renew();
        const some = Math.min(CALLS_PER_WORLD, calls - done);
        const turns = sorted.map((operation, place) => {
          const runs = Math.floor(some / sorted.length) + (place < some % sorted.length ? 1 : 0);
          return { operation, runs, seed: seed + done + place };
        });
        const lanes = Array.from({ length: AT_ONCE }, () => work({ world, description }, maker, turns, findings));
        await Promise.all(lanes);
      }
      return findings;
    },
  };
}

type Place = { world: FuzzWorld; description: Description };
type Turn = { operation: Operation; runs: number; seed: number };

/** Takes one operation after the other, as long as there is one, and notes the smallest request that each answers wrongly. */
async function work(place: Place, maker: ValueMaker, turns: Turn[], { faults, statuses }: Findings): Promise<void> {
  for (let turn = turns.shift(); turn; turn = turns.shift()) {
    const { operation, runs, seed } = turn;
    const answers = fc.asyncProperty(requestsTo(operation, maker), async (request) => {
      const fault = await faultOf(place, operation, request, statuses);
      if (fault !== undefined) throw new Error(fault);
    });
    const { failed, counterexample, errorInstance } = await fc.check(answers, { numRuns: runs, seed });
    if (!failed) continue;
    const fault = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    faults.push(`${fault}\nseed ${seed}: ${JSON.stringify(counterexample?.[0])}`);
  }
}

/** What is wrong with the answer to a request, if anything. */
async function faultOf(
  { world, description }: Place,
  operation: Operation,
  request: FuzzRequest,
  statuses?: Map<number, number>,
): Promise<string | undefined> {
  const isEndless = "text/event-stream" in (operation.responses[200]?.content ?? {});
  const answer = await (isEndless ? beginning(world, request) : world.send(request)).catch(String);
  if (typeof answer === "string") return `The answer broke off: ${answer}`;
  statuses?.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
  if (answer.statusCode < 400 && request.method !== "GET") await world.mend();
  const fault = judged(description, operation, answer);
  return fault && `${request.operation}: ${answer.statusCode} ${fault}\n${answer.payload.slice(0, 500)}`;
}

/** Events may go on for ever: the answer is taken as it begins. */
async function beginning(world: FuzzWorld, request: FuzzRequest): Promise<LightMyRequestResponse> {
  const answer = await world.send(request, { payloadAsStream: true });
  if (answer.statusCode === 200) {
    answer.stream().destroy();
    return Object.assign(answer, { payload: "" });
  }
  const pieces = await answer.stream().toArray();
  return Object.assign(answer, { payload: Buffer.concat(pieces).toString() });
}

/** What is not as the description says. */
function judged(description: Description, operation: Operation, answer: LightMyRequestResponse): string | undefined {
  const { statusCode, payload, headers } = answer;
  if (payload.includes(SECRET)) return "and another organization's secret";
  if (statusCode === 500) return "which never is an answer";
  const response = description.responseOf(operation, statusCode);
  if (!response) return "is not declared";
  const type = String(headers["content-type"] ?? "").split(";")[0] ?? "";
  if (!response.content) return payload === "" ? undefined : "with a body, where none is declared";
  const media = response.content[type];
  if (!media) return `as ${type}, which is not declared`;
  if (!media.schema || !type.endsWith("json")) return undefined;
  const value = parsed(payload);
  if (value === undefined) return "and no JSON";
  if (statusCode >= 400 && value.status !== statusCode) return `and ${value.status} in the problem`;
  return description.faultOf(media.schema, value);
}

function parsed(text: string): { status?: number } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
