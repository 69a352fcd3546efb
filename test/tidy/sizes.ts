import { codeOf, isGenerated, type Rule, type SourceFile } from "./source.ts";

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;
const COMPONENT_LINES_MAX = 120;
const WRITTEN = /\.(?:ts|tsx|mjs|sql|md|css)$/;

// The line that opens the body of a function: by the word, as an arrow, as a method, or at the end of a long parameter list.
const OPENING = [
  /\bfunction\b.*\{$/,
  /=> \{$/,
  /^\s*(?:(?:static|async|get|set|override|private) )*(?!(?:if|for|while|switch|catch)\b)[\w#]+\(.*\{$/,
  /^\s*\}?(?!.*\b(?:else|catch|finally)\b)[^(]*\).*\{$/,
];
// What a test suite wraps around its tests is a chapter, not a function.
const SUITE = /^\s*(?:describe|suite)\(/;

export const fileSizes: Rule = {
  name: `no file has more than ${FILE_LINES_MAX} lines`,
  find: (files) =>
    files
      .filter(({ path }) => WRITTEN.test(path) && !isGenerated(path))
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > FILE_LINES_MAX)
      .map(({ path, lines }) => `${path} has ${lines} lines`),
};

export const functionSizes: Rule = {
  name: `no function has more than ${FUNCTION_LINES_MAX} lines, no component more than ${COMPONENT_LINES_MAX}`,
  find: (files) => codeOf(files).flatMap(longFunctions),
};

function longFunctions({ path, text }: SourceFile): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, opening) => {
    if (!OPENING.some((pattern) => pattern.test(line)) || SUITE.test(line)) return [];
    const start = startOf(lines, opening);
    const count = endOf(lines, opening) - start + 1;
    return count > linesMax(path, lines[start] ?? "") ? [`${path}:${start + 1} has ${count} lines`] : [];
  });
}

/** A line that begins with a closing bracket ends a parameter list, which began on the line before it of the same depth. */
function startOf(lines: string[], opening: number): number {
  const line = lines[opening] ?? "";
  return /^\s*[)}]/.test(line)
    ? lines.slice(0, opening).findLastIndex((other) => depthOf(other) === depthOf(line))
    : opening;
}

/** The formatter puts the last line of a body, and none before it, at the depth of the line that opens it. */
function endOf(lines: string[], opening: number): number {
  const depth = depthOf(lines[opening] ?? "");
  return lines.findIndex((line, index) => index > opening && depthOf(line) === depth && /^\s*[})\]]/.test(line));
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A component is a function in a .tsx file whose name begins with a capital letter. */
function linesMax(path: string, line: string): number {
  const isComponent = path.endsWith(".tsx") && /\b(?:function|const) [A-Z]/.test(line);
  return isComponent ? COMPONENT_LINES_MAX : FUNCTION_LINES_MAX;
}
