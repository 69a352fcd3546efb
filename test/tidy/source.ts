import { globSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of the project: its path from the project's folder, and its text. */
export type SourceFile = { path: string; text: string };

/** A rule of the house: what it asks for, in words, and the places that break it, a line each. */
export type Rule = { name: string; find: (files: SourceFile[]) => string[] };

const NOT_OURS = new Set(["node_modules", ".git", ".data", "dist"]);
const TEXT = /\.(?:ts|tsx|mjs|json|jsonc|sql|md|css|html)$/;
const CODE = /\.(?:ts|tsx|mjs)$/;
const TEST_CODE = /^(?:test|bench)\/|\.(?:test|fixture)\.tsx?$/;

/** Every file of the project below `root`, sorted by path. Files that hold no text have an empty one. */
export function readProject(root: string): SourceFile[] {
  const paths = globSync("**/*", { cwd: root, exclude: (name) => NOT_OURS.has(name) }).sort();
  return paths
    .filter((path) => lstatSync(join(root, path)).isFile())
    .map((path) => ({ path, text: TEXT.test(path) ? readFileSync(join(root, path), "utf8") : "" }));
}

/** The files that hold a program, written by hand. */
export function codeOf(files: SourceFile[]): SourceFile[] {
  return files.filter(({ path }) => CODE.test(path) && !isGenerated(path));
}

/** Row types, and the description of the data model. */
export function isGenerated(path: string): boolean {
  return /\.gen\.\w+$/.test(path) || /^docs\/data-model\//.test(path);
}

/** Tests, what they share, and measurements: they may reach into everything. */
export function isTestCode(path: string): boolean {
  return TEST_CODE.test(path);
}

/** The places in a file where `pattern` stands, as `path:line`. */
export function placesOf({ path, text }: SourceFile, pattern: RegExp): string[] {
  return text.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : []));
}
