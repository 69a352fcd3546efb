import { posix } from "node:path";
import type { SourceFile } from "./source.ts";

/** An import as it stands in a file; `path` is that of the file it means, undefined when it means a package. */
export type Import = { specifier: string; path: string | undefined };

// Statements at the beginning of a line, and calls of import(). Nothing between "import" and "from" holds a quote or a semicolon.
const STATEMENT = /^(?:import|export)\b[^;'"`]*?\bfrom\s*["']([^"']+)["']/gm;
const BARE_STATEMENT = /^import\s*["']([^"']+)["']/gm;
const CALL = /\bimport\(\s*["']([^"']+)["']/g;

/** What a file imports or exports on, types included. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const specifiers = [STATEMENT, BARE_STATEMENT, CALL].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, specifier = ""]) => specifier),
  );
  return specifiers.map((specifier) => ({ specifier, path: resolve(path, specifier) }));
}

function resolve(from: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : undefined;
}
