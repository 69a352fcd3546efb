import type { Rule, SourceFile } from "./source.ts";

type Lock = { packages: Record<string, { optionalDependencies?: Record<string, string> }> };

const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"];

export const onePackage: Rule = {
  name: "there is one package.json and one lock file",
  find: (files) => [...others(files, ["package.json"]), ...others(files, LOCK_FILES)],
};

/** npm refuses to install from a lock file that leaves some out, and a package for another system is easily left out. */
export const completeLock: Rule = {
  name: "the lock file holds the packages for every system, not only for this one",
  find: (files) => {
    const text = files.find(({ path }) => path === "package-lock.json")?.text ?? '{ "packages": {} }';
    const { packages }: Lock = JSON.parse(text);
    const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, "")));
    return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !locked.has(name))
        .map((name) => `${path} may need ${name}, which is not locked`),
    );
  },
};

/** Complains unless exactly one file has one of the names, and stands at the top. */
function others(files: SourceFile[], names: string[]): string[] {
  const found = files.map(({ path }) => path).filter((path) => names.includes(path.split("/").at(-1) ?? ""));
  if (!found.includes(names[0] ?? "")) return [`${names[0]} is missing`];
  return found.filter((path) => path !== names[0]).map((path) => `${path} is one too many`);
}
