import { ZodError } from "zod";
import type { NewTaskOfMany } from "./tasks-contract.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a task of a call names of the call: the place of the other one, and whether it is its parent. */
type Arrow = { to: number; isParent: boolean };

type PathOf = (index: number) => PropertyKey[];
type Faults = { issues: ZodError["issues"]; add(path: PropertyKey[], message: string): void };

/**
 * The places of tasks in an order in which each comes behind those that it names by their refs, in waves: a part comes a wave after
 * its whole, for the database looks a whole up before it makes the parts. Throws ZodError where a ref is given twice or names
 * nothing, where a task names itself, and where tasks wait for each other in a circle.
 */
export function inWaves(tasks: readonly NewTaskOfMany[], pathOf: PathOf): number[][] {
  const arrows = arrowsOf(tasks, pathOf);
  const named = tasks.map((): { by: number; isParent: boolean }[] => []);
  arrows.forEach((of, by) => {
    for (const { to, isParent } of of) named[to]?.push({ by, isParent });
  });
  const waits = arrows.map((of) => of.length);
  const waveOf = tasks.map(() => 0);
  const order = waits.flatMap((count, index) => (count === 0 ? [index] : []));
  // The list grows as it is gone through: who waits for nothing more comes to its end.
  for (const index of order) {
    const wave = waveOf[index] ?? 0;
    for (const { by, isParent } of named[index] ?? []) {
      waveOf[by] = Math.max(waveOf[by] ?? 0, wave + Number(isParent));
      waits[by] = (waits[by] ?? 0) - 1;
      if (waits[by] === 0) order.push(by);
    }
  }
  refuseCircle(tasks, order, pathOf);
  const waves: number[][] = Array.from({ length: Math.max(...waveOf) + 1 }, () => []);
  for (const index of order) waves[waveOf[index] ?? 0]?.push(index);
  return waves;
}

function arrowsOf(tasks: readonly NewTaskOfMany[], pathOf: PathOf): Arrow[][] {
  const issues: ZodError["issues"] = [];
  const faults: Faults = {
    issues,
    add: (path, message) => void issues.push({ code: "custom", path, message, input: undefined }),
  };
  const places = placesOfRefs(tasks, pathOf, faults);
  const arrows = tasks.map((task, index) => arrowsFrom(task, pathOf(index), places, faults));
  if (issues.length > 0) throw new ZodError(issues);
  return arrows;
}

function placesOfRefs(tasks: readonly NewTaskOfMany[], pathOf: PathOf, faults: Faults): Map<string, number> {
  const places = new Map<string, number>();
  for (const [index, { ref }] of tasks.entries()) {
    if (ref === undefined) continue;
    if (places.has(ref)) faults.add([...pathOf(index), "ref"], `Another task of this call is "${ref}" already.`);
    places.set(ref, index);
  }
  return places;
}

function arrowsFrom(
  { parent, depends_on = [] }: NewTaskOfMany,
  path: PropertyKey[],
  places: ReadonlyMap<string, number>,
  faults: Faults,
): Arrow[] {
  const causes = depends_on.map(({ task }) => task);
  for (const [place, name] of causes.entries())
    if (causes.indexOf(name) < place)
      faults.add([...path, "depends_on", place, "task"], "It depends on this task already.");
  const arrowTo = (name: string, field: PropertyKey[], isParent: boolean): Arrow[] => {
    if (UUID.test(name)) return [];
    const to = places.get(name);
    if (to !== undefined) return [{ to, isParent }];
    faults.add([...path, ...field], `"${name}" is neither the id of a task nor the ref of one in this call.`);
    return [];
  };
  return [
    ...(parent === undefined ? [] : arrowTo(parent, ["parent"], true)),
    ...causes.flatMap((name, place) => arrowTo(name, ["depends_on", place, "task"], false)),
  ];
}

function refuseCircle(tasks: readonly NewTaskOfMany[], order: readonly number[], pathOf: PathOf): void {
  if (order.length === tasks.length) return;
  const reached = new Set(order);
  const stuck = tasks.flatMap(({ ref }, index) => (reached.has(index) || ref === undefined ? [] : [ref]));
  const first = tasks.findIndex((_, index) => !reached.has(index));
  const message = `These tasks wait for each other in a circle: ${stuck.slice(0, 10).join(", ")}.`;
  throw new ZodError([{ code: "custom", path: [...pathOf(first), "depends_on"], message, input: undefined }]);
}
