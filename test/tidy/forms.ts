import { codeOf, isTestCode, placesOf, type Rule, type SourceFile } from "./source.ts";

/** Classes that hold something which is opened and closed. Any other class is an error, or a mistake. */
const RESOURCES = new Set(["Draft", "Keeper"]);
const CLASS = /^\s*(?:export )?(?:abstract )?class (\w+)(?: extends (\w+))?/gm;

/** Forms that the house does without, and why. */
const FORBIDDEN: { pattern: RegExp; why: string; isAllowed?: (path: string) => boolean }[] = [
  { pattern: /^\s*export\s+\*/, why: "export what is meant, by name" },
  {
    pattern: /^\s*export\s+default\b|\bas default\b/,
    why: "exports have names",
    isAllowed: (path) => path.endsWith("/vite.config.ts"),
  },
  { pattern: /\bas\s+any\b/, why: "say what type it is" },
  { pattern: /@ts-(?:ignore|expect-error|nocheck)/, why: "the compiler is right, or the types are wrong" },
  { pattern: /\b\w*pool\w*\.query\(/i, why: "a query belongs in an entered transaction" },
  { pattern: /\bTO[D]O\b|\bFIX[M]E\b/, why: "do it, or write down nothing" },
  { pattern: /\bprocess\.env\b/, why: "only kernel/config.ts reads the environment", isAllowed: mayReadEnvironment },
];

/** What no program of this house contains. */
export const forms: Rule = {
  name: "no forbidden forms, no class but errors and resources, no index.ts",
  find: (files) => codeOf(files).flatMap((file) => [...forbiddenForms(file), ...classes(file), ...barrels(file)]),
};

function forbiddenForms(file: SourceFile): string[] {
  return FORBIDDEN.filter(({ isAllowed }) => !isAllowed?.(file.path)).flatMap(({ pattern, why }) =>
    placesOf(file, pattern).map((place) => `${place}: ${why}`),
  );
}

function classes({ path, text }: SourceFile): string[] {
  return [...text.matchAll(CLASS)].flatMap(([, name = "", parent = ""]) =>
    parent.endsWith("Error") || RESOURCES.has(name) ? [] : [`${path}: class ${name} is no error and no resource`],
  );
}

function barrels({ path }: SourceFile): string[] {
  return /(?:^|\/)index\.\w+$/.test(path) ? [`${path}: name the file after what it holds`] : [];
}

function mayReadEnvironment(path: string): boolean {
  return path === "kernel/config.ts" || path.startsWith("bin/") || isTestCode(path);
}
