import { z } from "zod";
import { kinds } from "../../app.ts";
import { type TaskKind, taskKind } from "../../kernel/work.ts";

/** Kinds that members may start, a plain one and one with limits and a cost by its input, and one that they may not. */
const EXAMPLES: readonly TaskKind[] = [
  taskKind({
    type: "example.work",
    summary: "Does an example",
    category: "system",
    workerType: "internal",
    input: z.object({ days: z.int().min(1).optional() }),
    timeLimitSeconds: 60,
    attemptsMax: 3,
    isOpen: true,
    run: async () => undefined,
  }),
  taskKind({
    type: "example.echo",
    summary: "Answers what it is given",
    category: "content",
    workerType: "internal",
    input: z.object({
      text: z.string().max(1_000_000).optional(),
      cost: z.number().optional(),
      provider: z.string().optional(),
      payload: z.unknown().optional(),
    }),
    timeLimitSeconds: 60,
    attemptsMax: 4,
    estimateCost: ({ cost = 0 }) => cost,
    limits: ({ provider }) =>
      provider === undefined
        ? {}
        : {
            lane: { name: `provider:${provider}`, places: 2 },
            rate: { key: `provider:${provider}`, count: 10, seconds: 60, burst: 5 },
          },
    isOpen: true,
    run: async ({ input }) => input,
  }),
  taskKind({
    type: "example.closed",
    summary: "Is started by a verb alone",
    category: "system",
    workerType: "integration",
    input: z.object({ times: z.int() }),
    timeLimitSeconds: 5,
    attemptsMax: 1,
    isOpen: false,
    run: async () => undefined,
  }),
];

/** Every kind of the application, and these. */
export const testKinds: ReadonlyMap<string, TaskKind> = new Map(
  [...kinds, ...EXAMPLES].map((kind) => [kind.type, kind]),
);
