import { importsOf } from "./imports.ts";
import { codeOf, type Rule } from "./source.ts";

/** No file may, by way of others, import itself: what it is could then depend on who was loaded first. */
export const cycles: Rule = {
  name: "no imports go round in a circle",
  find: (files) => {
    const imported = new Map(
      codeOf(files).map((file) => [file.path, importsOf(file).flatMap(({ path }) => path ?? [])]),
    );
    return findCycles(imported).map((cycle) => cycle.join(" → "));
  },
};

/** One circle for each place where following the imports, depth first, comes back to a file that it is in the middle of. */
function findCycles(imported: Map<string, string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path]);
    if (done.has(path) || trail.includes(path)) return;
    for (const next of imported.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of imported.keys()) visit(path, []);
  return found;
}
