import assert from "node:assert/strict";
import { test } from "node:test";
import { documents, proofs } from "./documents.ts";

const FILES = ["README.md", "docs/a.md", "docs/decisions/1.md", "kernel/http/server.ts"];

function deadIn(path: string, text: string): string[] {
  return documents.find(FILES.map((existing) => ({ path: existing, text: existing === path ? text : "" })));
}

test("a link to a file that is not there is found, seen from the document's own folder", () => {
  assert.deepEqual(deadIn("README.md", "see [this](docs/b.md#part)"), [
    "README.md points to docs/b.md, which does not exist",
  ]);
  assert.deepEqual(deadIn("docs/a.md", "see [this](docs/a.md)"), [
    "docs/a.md points to docs/docs/a.md, which does not exist",
  ]);
});

test("links to files, folders, parts and other sites are fine", () => {
  const links = "[a](a.md#part) [b](decisions/) [c](../README.md) [d](#part) [e](https://example.org/x.md)";
  assert.deepEqual(deadIn("docs/a.md", links), []);
});

test("a path in backticks must exist, from the project's folder", () => {
  assert.deepEqual(
    deadIn("docs/a.md", "`kernel/http/server.ts`, `kernel/`, `docs/*/1.md`, `npm start`, `.data/key`"),
    [],
  );
  assert.deepEqual(deadIn("docs/a.md", "`kernel/http/client.ts`"), [
    "docs/a.md points to kernel/http/client.ts, which does not exist",
  ]);
});

test("placeholders and blocks of code promise nothing", () => {
  assert.deepEqual(deadIn("README.md", "`modules/<name>/public.ts`\n\n```\n[x](y.md) `kernel/z.ts`\n```\n"), []);
});

test("a test that a document names as proof stands in the file it names", () => {
  const files = [
    { path: "test/a.test.ts", text: 'test("it holds", …)' },
    { path: "docs/a.md", text: "`test/a.test.ts` “it holds”; “it does not”" },
  ];
  assert.deepEqual(proofs.find(files), ["docs/a.md names “it does not”, which is no test in test/a.test.ts"]);
});
