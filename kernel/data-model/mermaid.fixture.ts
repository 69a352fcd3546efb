import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import vm from "node:vm";

/** What Mermaid read: the parts of its own model of an erDiagram that the tests look at. */
type Relation = {
  entityA: string;
  entityB: string;
  roleA: string;
  relSpec: { cardA: Cardinality; cardB: Cardinality };
};
type Cardinality = keyof typeof ENDS;
type ErDiagram = { getEntities(): Map<string, { id: string }>; getRelationships(): Relation[] };
type Mermaid = {
  parse(text: string): Promise<{ diagramType: string }>;
  mermaidAPI: { getDiagramFromText(text: string): Promise<{ db: ErDiagram }> };
};

/** How each cardinality is drawn at the left and at the right end of a line. */
const ENDS = {
  ONLY_ONE: ["||", "||"],
  ZERO_OR_ONE: ["|o", "o|"],
  ZERO_OR_MORE: ["}o", "o{"],
  ONE_OR_MORE: ["}|", "|{"],
};

/** What Mermaid draws at most, unless it is told otherwise; parsing alone does not refuse more. */
const CHARACTERS_MAX = 50_000;
const RELATIONS_MAX = 500;

/** Where an entity is drawn with its columns; one that only a line leads to stands in relations alone. */
const DRAWN = /^ {2}("[^"]+"|\w+)(?: \{)?$/gm;

const mermaid = loadMermaid();

/** The script is made for pages: it leaves `mermaid` behind for whoever comes next. */
function loadMermaid(): Mermaid {
  const path = createRequire(import.meta.url).resolve("@mermaid-js/tiny");
  vm.runInThisContext(readFileSync(path, "utf8"), { filename: path });
  return (globalThis as unknown as { mermaid: Mermaid }).mermaid;
}

/** Rejects unless the text is a diagram that Mermaid draws. Resolves with its entities and the lines between them, as Mermaid understood them. */
export async function readDiagram(text: string): Promise<{ entities: string[]; relations: string[] }> {
  assert.ok(text.length <= CHARACTERS_MAX, `the diagram has ${text.length} characters`);
  const { diagramType } = await mermaid.parse(text);
  assert.equal(diagramType, "er");
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const names = new Map([...db.getEntities()].map(([name, { id }]) => [id, name]));
  const known = new Set(names.values());
  const entities = [...text.matchAll(DRAWN)].map(([, name = ""]) => name.replaceAll('"', ""));
  for (const name of entities) assert.ok(known.has(name), `Mermaid does not know the entity ${name}`);
  assert.equal(new Set(entities).size, entities.length, "an entity is there twice");
  const nameOf = (id: string) => quoted(names.get(id) ?? assert.fail(`a line leads to ${id}`));
  const relations = db.getRelationships().map(({ entityA, entityB, roleA, relSpec: { cardA, cardB } }) => {
    // Mermaid keeps each cardinality with the entity at the other end.
    return `${nameOf(entityA)} ${ENDS[cardB][0]}--${ENDS[cardA][1]} ${nameOf(entityB)} : "${roleA}"`;
  });
  assert.ok(relations.length <= RELATIONS_MAX, `the diagram has ${relations.length} relations`);
  return { entities, relations };
}

function quoted(name: string): string {
  return /^\w+$/.test(name) ? name : `"${name}"`;
}

/** Reads all diagrams of a document, as readDiagram does. */
export async function readDiagramsIn(markdown: string): Promise<{ entities: string[]; relations: string[] }[]> {
  const texts = [...markdown.matchAll(/^(`{3,})mermaid\n(.*?)\n\1$/gms)].map(([, , text = ""]) => text);
  const diagrams = [];
  for (const text of texts) diagrams.push(await readDiagram(text));
  return diagrams;
}
