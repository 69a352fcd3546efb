import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { DONE, type Ending, type Engine, FAILED, NOTHING_LEFT } from "./engine.fixture.ts";

type Node = {
  /** What becomes of its tries. */
  fate: "well" | "well the second time" | "badly" | "cancelled before";
  any: boolean;
  /** Which earlier ones it depends on, as parts of all of them, and whether they need only be over. */
  causes: { at: number; done: boolean }[];
};

/** A graph of tasks with the fate of each. */
export const graphs = (size: number): fc.Arbitrary<Node[]> =>
  fc.array(
    fc.record({
      fate: fc.constantFrom("well", "well", "well", "well the second time", "badly", "cancelled before"),
      any: fc.boolean(),
      causes: fc.array(fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), done: fc.boolean() }), {
        maxLength: 4,
      }),
    }),
    { minLength: 1, maxLength: size },
  ) as fc.Arbitrary<Node[]>;

/** The places of what the node at an index depends on, each once, as the first mention says. */
function causesOf({ causes }: Node, index: number): Map<number, boolean> {
  const found = new Map<number, boolean>();
  if (index === 0) return found;
  for (const { at, done } of causes) {
    const place = Math.floor(at * index);
    if (!found.has(place)) found.set(place, done);
  }
  return found;
}

/**
 * What may become of each task: completed, or else one or both of failed and cancelled, for where causes failed and were cancelled it
 * depends on who was first.
 */
function expected(nodes: readonly Node[]): Set<string>[] {
  const ends: Set<string>[] = [];
  for (const [index, node] of nodes.entries()) ends.push(endOf(node, [...causesOf(node, index)], ends));
  return ends;
}

function endOf(node: Node, causes: [number, boolean][], ends: readonly Set<string>[]): Set<string> {
  if (node.fate === "cancelled before") {
    // Who waits for a cancelled task may have ended before it is cancelled itself.
    return new Set(["cancelled", ...reasonsOf(causes, ends).filter(() => !begins(node, causes, ends))]);
  }
  if (!begins(node, causes, ends)) return new Set(reasonsOf(causes, ends));
  return new Set([node.fate === "badly" ? "failed" : "completed"]);
}

function begins(node: Node, causes: [number, boolean][], ends: readonly Set<string>[]): boolean {
  const good = causes.map(([place, done]) => done || ends[place]?.has("completed") === true);
  return causes.length === 0 || (node.any ? good.some(Boolean) : good.every(Boolean));
}

function reasonsOf(causes: [number, boolean][], ends: readonly Set<string>[]): string[] {
  return causes.flatMap(([place, done]) => (done ? [] : [...(ends[place] ?? [])].filter((end) => end !== "completed")));
}

/** Runs a graph by several workers at once, and compares with what must become of it. */
export async function runGraph(engine: Engine, nodes: readonly Node[], workers: number): Promise<void> {
  const tenant = await engine.tenant();
  const workflow_id = await engine.workflow(tenant);
  const ids = nodes.map(() => randomUUID() as string);
  await engine.ask(
    tenant,
    nodes.map((node, index) => ({
      id: ids[index] ?? "",
      workflow_id,
      dependency_policy: node.any ? ("any" as const) : ("all" as const),
      depends_on: [...causesOf(node, index)].map(([place, done]) => ({
        task_id: ids[place] ?? "",
        policy: done ? ("done" as const) : ("succeeded" as const),
      })),
    })),
  );
  const unwanted = ids.filter((_, index) => nodes[index]?.fate === "cancelled before");
  if (unwanted.length > 0) await engine.cancel(tenant, ...unwanted);
  const tries = new Map<string, number>();
  const ending = (id: string): Ending => {
    const fate = nodes[ids.indexOf(id)]?.fate;
    tries.set(id, (tries.get(id) ?? 0) + 1);
    if (fate === "badly") return FAILED;
    if (fate === "well the second time" && tries.get(id) === 1)
      return { ...FAILED, failure_class: "transient", retry_ms: 0 };
    return DONE;
  };
  for (let taken = 1; taken > 0; ) {
    const rounds = await Promise.all(Array.from({ length: workers }, () => engine.work(ending, 3)));
    taken = rounds.flat().length;
  }
  await compare(engine, tenant, { nodes, ids, workflow_id, tries });
}

async function compare(
  { admin, leftovers, statuses }: Engine,
  tenant: Parameters<Engine["leftovers"]>[0],
  run: { nodes: readonly Node[]; ids: string[]; workflow_id: string; tries: Map<string, number> },
): Promise<void> {
  const found = await statuses(run.ids);
  const wanted = expected(run.nodes);
  for (const [index, status] of found.entries())
    assert.ok(wanted[index]?.has(status), `task ${index} is ${status}, not ${[...(wanted[index] ?? [])].join(" or ")}`);
  for (const [index, id] of run.ids.entries()) {
    const tries =
      found[index] === "completed" ? (run.nodes[index]?.fate === "well the second time" ? 2 : 1) : undefined;
    if (tries) assert.equal(run.tries.get(id), tries, `task ${index} was tried so often`);
  }
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
  const count = (status: string) => found.filter((one) => one === status).length;
  const { rows } = await admin.query(
    `select w.status, f.total, f.completed, f.failed, f.cancelled,
       (select sum(blocked_by)::int from tasks.tasks t where t.workflow_id = w.id) as blocked
     from tasks.workflows w join tasks.workflow_figures f on f.workflow_id = w.id where w.id = $1`,
    [run.workflow_id],
  );
  const [failed, cancelled] = [count("failed"), count("cancelled")];
  assert.deepEqual(rows, [
    {
      status: failed > 0 ? "failed" : cancelled > 0 ? "cancelled" : "completed",
      total: found.length,
      completed: count("completed"),
      failed,
      cancelled,
      blocked: 0,
    },
  ]);
}
