import { matchesGlob, posix } from "node:path";
import type { Rule, SourceFile } from "./source.ts";

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
const CODE_BLOCK = /^```.*?^```/gms;
const PATH_IN_TEXT = /`((?:bin|cli|kernel|modules|migrations|web|test|bench|docs)\/[^`\s]*)`/g;
const PLACEHOLDER = /[<{…]/;

/** A test's title, or a part of it, in curly quotes behind the file it stands in. */
const PROOF = /`([^`]+\.test\.ts)`|“([^”]+)”/g;

/** What documents point to, by a link or by a path in backticks, exists. */
export const documents: Rule = {
  name: "documents point to files that exist",
  find: (files) => {
    const paths = files.map(({ path }) => path);
    return files.filter(({ path }) => path.endsWith(".md")).flatMap((file) => deadReferences(file, paths));
  },
};

function deadReferences({ path, text }: SourceFile, paths: string[]): string[] {
  const prose = text.replace(CODE_BLOCK, "");
  const links = matches(prose, LINK)
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => posix.join(posix.dirname(path), decodeURI(target.replace(/#.*$/, ""))));
  const mentioned = matches(prose, PATH_IN_TEXT).filter((target) => !PLACEHOLDER.test(target));
  return [...links, ...mentioned]
    .filter((target) => !exists(target.replace(/\/$/, ""), paths))
    .map((target) => `${path} points to ${target}, which does not exist`);
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}

function exists(target: string, paths: string[]): boolean {
  return paths.some((path) => path === target || path.startsWith(`${target}/`) || matchesGlob(path, target));
}

/** What a document names as the proof of a promise stands in the file that it names. */
export const proofs: Rule = {
  name: "documents name tests that exist",
  find: (files) => {
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    return files.filter(({ path }) => path.endsWith(".md")).flatMap((file) => missingProofs(file, texts));
  },
};

function missingProofs({ path, text }: SourceFile, texts: Map<string, string>): string[] {
  const faults: string[] = [];
  let named: string | undefined;
  for (const [, file, title] of text.matchAll(PROOF)) {
    if (file) named = file;
    else if (named && title && !texts.get(named)?.includes(title))
      faults.push(`${path} names “${title}”, which is no test in ${named}`);
  }
  return faults;
}
