import assert from "node:assert/strict";

// The grammar of erDiagram, as far as documents use it, and stricter: what Mermaid reads in two ways is refused.
const NAME = String.raw`(?:[A-Za-z_]\w*|"[^"%\r\n\v\b\\]+")`;
const WORD = String.raw`[A-Za-z_\u00C0-\uFFFF][A-Za-z0-9_[\]()\u00C0-\uFFFF-]*`;
const RELATION = new RegExp(String.raw`^ {2}(${NAME}) (?:\|\||\|o)--(?:o\||o\{) (${NAME}) : "[^"%\\]+"$`);
const OPENING = new RegExp(`^ {2}(${NAME}) \\{$`);
const ALONE = new RegExp(`^ {2}(${NAME})$`);
const ATTRIBUTE = new RegExp(`^ {4}(${WORD}) (${WORD})(?: (?:PK|FK|UK)(?:, (?:PK|FK|UK))*)?(?: "[^"%\\\\]*")?$`);
const KEYWORDS =
  /^(?:erDiagram|title|direction|accTitle|accDescr|style|class|classDef|subgraph|end|one|many|only|zero|to|optionally|u|o)$/i;
const CHARACTERS_MAX = 50_000;
const RELATIONS_MAX = 500;

/** Throws unless the text is a diagram that Mermaid draws. Returns its entities and how many lines it has between them. */
export function readDiagram(text: string): { entities: string[]; relations: string[] } {
  assert.ok(text.length <= CHARACTERS_MAX, `the diagram has ${text.length} characters`);
  const [first, ...lines] = text.split("\n");
  assert.equal(first, "erDiagram");
  const entities: string[] = [];
  const relations: string[] = [];
  let isInside = false;
  for (const line of lines) {
    assert.doesNotMatch(line, /direction\s+(?:TB|BT|RL|LR)/i);
    if (isInside) {
      isInside = line !== "  }";
      if (isInside) readAttribute(line);
      continue;
    }
    const relation = RELATION.exec(line);
    const opening = OPENING.exec(line);
    const names = relation?.slice(1) ?? (opening ?? ALONE.exec(line))?.slice(1);
    assert.ok(names, `no line of a diagram: ${line}`);
    for (const name of names) assert.doesNotMatch(name, KEYWORDS, line);
    isInside = opening !== null;
    if (relation) relations.push(line.trim());
    else entities.push(...names);
  }
  assert.equal(isInside, false, "the last entity is not closed");
  assert.ok(relations.length <= RELATIONS_MAX, `the diagram has ${relations.length} relations`);
  assert.equal(new Set(entities).size, entities.length, "an entity is there twice");
  return { entities, relations };
}

function readAttribute(line: string): void {
  const attribute = ATTRIBUTE.exec(line);
  assert.ok(attribute, `no attribute: ${line}`);
  for (const word of attribute.slice(1)) assert.doesNotMatch(word, /^(?:pk|fk|uk)\b/i, line);
}

/** The diagrams that stand in a document. */
export function diagramsIn(markdown: string): string[] {
  return [...markdown.matchAll(/^(`{3,})mermaid\n(.*?)\n\1$/gms)].map(([, , text = ""]) => text);
}
