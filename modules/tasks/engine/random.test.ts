import { test } from "node:test";
import fc from "fast-check";
import { openEngine } from "./engine.fixture.ts";
import { graphs, runGraph } from "./random.fixture.ts";

const engine = await openEngine();

test("any graph ends as its fates say, by several workers", async () => {
  await fc.assert(
    fc.asyncProperty(graphs(20), (nodes) => runGraph(engine, nodes, 3)),
    { numRuns: 3, endOnFailure: true },
  );
});
