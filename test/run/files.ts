import { globSync } from "node:fs";
import { matchesGlob } from "node:path";

const LONG = ".long.test.ts";
const NOT_OURS = new Set(["node_modules", ".git", ".data", "dist"]);

/**
 * The test files below the working folder, sorted: the long ones or all others. With patterns only those whose path
 * contains one of them, or matches one as a glob. Throws when there is none, as then nothing would be tested.
 */
export function findTestFiles(patterns: string[], { long }: { long: boolean }): string[] {
  const all = globSync("**/*.test.ts", { exclude: (name) => NOT_OURS.has(name) });
  const files = all.filter((file) => file.endsWith(LONG) === long && matchesAny(file, patterns)).sort();
  if (files.length > 0) return files;
  const kind = long ? "No long test" : `No test (those in *${LONG} are run by npm run test:long)`;
  throw new Error(patterns.length > 0 ? `${kind} matches ${patterns.join(" or ")}.` : `${kind} was found.`);
}

function matchesAny(file: string, patterns: string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => file.includes(pattern) || matchesGlob(file, pattern));
}
