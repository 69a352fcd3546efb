import assert from "node:assert/strict";
import { test } from "node:test";
import { fileSizes, functionSizes } from "./sizes.ts";

function body(lines: number, depth = ""): string {
  return `${depth}  if (a) {\n${`${depth}    step();\n`.repeat(lines - 2)}${depth}  }\n`;
}

test("a file of 400 lines is fine, one more is too many, and what is generated does not count", () => {
  const files = ["a.ts", "a.sql", "a.gen.ts", "package-lock.json"].map((path) => ({ path, text: "x\n".repeat(401) }));
  assert.deepEqual(fileSizes.find(files), ["a.ts has 401 lines", "a.sql has 401 lines"]);
  assert.deepEqual(fileSizes.find([{ path: "a.ts", text: "x\n".repeat(400) }]), []);
});

const FORMS: { form: string; before: string; depth?: string; after: string }[] = [
  { form: "a function", before: "export async function f(a: A): Promise<B> {\n", after: "}\n" },
  { form: "an arrow", before: "const f = (a: A) => {\n", after: "};\n" },
  { form: "a callback", before: 'test("it works", async () => {\n', after: "});\n" },
  { form: "a method", before: "class X {\n  async close(): Promise<void> {\n", depth: "  ", after: "  }\n}\n" },
];

for (const { form, before, depth = "", after } of FORMS) {
  test(`${form} of 70 lines is fine, and one more is too many`, () => {
    const text = (lines: number) => before + body(lines - 2, depth) + after;
    assert.deepEqual(functionSizes.find([{ path: "a.ts", text: text(70) }]), []);
    const found = functionSizes.find([{ path: "a.ts", text: text(71) }]);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /^a\.ts:[12] has 71 lines$/);
  });
}

test("a long parameter list belongs to the function", () => {
  const plain = `function f(\n  a: A,\n  b: B,\n): C {\n${body(66)}}\n`;
  const destructured = `function f({\n  a,\n  b,\n}: C): D {\n${body(66)}}\n`;
  const method = `class X {\n  f(\n    a: A,\n    b: B,\n  ): C {\n${body(66, "  ")}  }\n}\n`;
  for (const text of [plain, destructured, method]) {
    assert.equal(functionSizes.find([{ path: "a.ts", text }]).length, 1, text);
    const shorter = text.replace(/^ *step\(\);\n/m, "");
    assert.deepEqual(functionSizes.find([{ path: "a.ts", text: shorter }]), []);
  }
});

test("a component may have 120 lines, another function of its file may not", () => {
  const component = `export function Page({\n  a,\n}: Props) {\n${body(116)}}\n`;
  assert.deepEqual(functionSizes.find([{ path: "web/a.tsx", text: component }]), []);
  assert.equal(functionSizes.find([{ path: "web/a.tsx", text: component.replace("Page", "page") }]).length, 1);
  assert.equal(functionSizes.find([{ path: "web/a.ts", text: component }]).length, 1);
  const larger = component.replace("step();\n", "step();\n    step();\n");
  assert.deepEqual(functionSizes.find([{ path: "web/a.tsx", text: larger }]), ["web/a.tsx:1 has 121 lines"]);
});

test("a suite of tests is no function", () => {
  const text = `describe("many", () => {\n${body(100)}});\n`;
  assert.deepEqual(functionSizes.find([{ path: "a.test.ts", text }]), []);
});
