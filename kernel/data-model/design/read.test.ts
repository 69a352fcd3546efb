import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openAdmin } from "../../../test/harness.ts";
import type { Design } from "./design.ts";
import { designMigration } from "./migration.ts";
import { RESERVED_WORDS } from "./names.ts";
import { readDesign } from "./read.ts";

function faultsOf(text: string): string[] {
  const read = readDesign(text);
  return "faults" in read ? read.faults.map(({ place, problem, advice }) => `${place}: ${problem}. ${advice}`) : [];
}

function designOf(text: string): Design {
  const read = readDesign(text);
  if ("faults" in read) assert.fail(faultsOf(text).join("\n"));
  return read;
}

/** A design of one entity with these lines in it. */
function entityWith(...lines: string[]): string {
  return ["module: shop", "entities:", "  goods:", ...lines.map((line) => `    ${line}`)].join("\n");
}

/** Each kind of fault: what the file says, and how the answer begins. */
const FAULTS: [what: string, text: string, answer: string][] = [
  [
    "an unknown type",
    entityWith("fields: { size: huge }"),
    'entity goods, field size, type: there is no type "huge". The',
  ],
  [
    "another's type",
    entityWith("fields: { size: int }"),
    'entity goods, field size, type: there is no type "int". Write integer.',
  ],
  [
    "an unknown entity",
    entityWith("relations: { maker: makers }"),
    'entity goods, relation maker: there is no entity "makers". Name one of goods, members',
  ],
  [
    "a field twice",
    entityWith("fields:", "  size: text", "  size: integer"),
    'entity goods, fields: "size" is there twice. Give',
  ],
  ["an entity twice", `${entityWith("fields: { size: text }")}\n  goods: {}`, 'entities: "goods" is there twice. Give'],
  [
    "a column twice",
    entityWith("fields: { maker_id: text }", "relations: { maker: members }"),
    "entity goods, field maker_id: its column maker_id is that of relation maker too. Give",
  ],
  [
    "a reserved word",
    entityWith("fields: { select: text }"),
    "entity goods, field select: select is a reserved word of SQL. Choose",
  ],
  [
    "a reserved entity",
    "module: shop\nentities: { order: { fields: { a: text } } }",
    "entity order: order is a reserved word of SQL. Choose",
  ],
  [
    "a given column",
    entityWith("fields: { created_at: moment }"),
    "entity goods, field created_at: every table has created_at already. Leave",
  ],
  [
    "members",
    "module: shop\nentities: { members: { fields: { a: text } } }",
    "entity members: members are Tenon's own. Leave",
  ],
  [
    "an unknown state",
    entityWith("states: { order: { new: [sold] } }"),
    'entity goods, states, order, new: there is no state "sold". Name one of new',
  ],
  ["no states", entityWith("states: { order: {} }"), "entity goods, states: there are none. Write"],
  [
    "an unknown word",
    entityWith("fields: { size: { type: text, lenght: 3 } }"),
    "entity goods, field size: it has no lenght. Take",
  ],
  [
    "an unknown sensitivity",
    entityWith("sensitivity: hidden", "fields: { a: text }"),
    'entity goods, sensitivity: there is no sensitivity "hidden". The sensitivities are open, own, metadata, secret',
  ],
  [
    "no owner",
    entityWith("sensitivity: own", "fields: { a: text }"),
    "entity goods, owner: nothing says whose a row is. Add a relation to members",
  ],
  [
    "an unknown field in an index",
    entityWith("fields: { a: text }", "indexes: [{ fields: [b] }]"),
    'entity goods, indexes: there is no field or relation "b". Name',
  ],
  [
    "a moment that is none",
    entityWith("fields: { sold_at: date }"),
    "entity goods, field sold_at: a name with _at is a moment's, and this is date. Write",
  ],
  [
    "money that is floating",
    entityWith("fields: { total_price: number }"),
    "entity goods, field total_price: a number cannot hold a tenth",
  ],
  [
    "a default that does not fit",
    entityWith("fields: { a: { type: integer, default: x } }"),
    'entity goods, field a: "x" is no default of this integer. Write',
  ],
  ["nothing in an entity", entityWith("fields: {}"), "entity goods, fields: there is nothing in this entity. Give"],
  ["no entities", "module: shop", "entities: there are none. Write"],
  [
    "a schema of PostgreSQL",
    "module: pg_shop\nentities: { a: { fields: { b: text } } }",
    "module: pg_shop is a schema that is no module's. Choose",
  ],
  ["an empty file", "", "the file: it is empty. Write"],
  ["an empty comment", "# later", "the file: it is empty. Write"],
  ["no YAML", "module: [shop", "the file, line 1: it is no YAML: "],
];

for (const [what, text, answer] of FAULTS) {
  test(`${what} is told with its place and what to do, and nothing else is`, () => {
    const faults = faultsOf(text);
    assert.equal(faults.length, 1, faults.join("\n"));
    assert.ok(faults[0]?.startsWith(answer), faults[0]);
  });
}

test("all faults of a file are told at once", () => {
  const text = [
    "module: Shop",
    "entities:",
    "  goods:",
    "    fields: { size: huge, select: text }",
    "    relations: { maker: makers }",
    "  Bad-Name: { sensitivity: hidden, fields: { a: blob } }",
  ].join("\n");
  const places = faultsOf(text).map((fault) => fault.split(":")[0]);
  assert.deepEqual(places.sort(), [
    "entity Bad-Name",
    "entity Bad-Name, field a, type",
    "entity Bad-Name, sensitivity",
    "entity goods, field select",
    "entity goods, field size, type",
    "entity goods, relation maker",
    "module",
  ]);
});

test("JSON is read like YAML", () => {
  const json = JSON.stringify({ module: "shop", entities: { goods: { fields: { size: "text" } } } });
  assert.deepEqual(readDesign(json), designOf(entityWith("fields: { size: text }")));
});

test("the reserved words are those of the server", async () => {
  const { rows } = await (await openAdmin()).query<{ word: string }>(
    "select word from pg_get_keywords() where catcode in ('R', 'T')",
  );
  assert.deepEqual(
    rows.map(({ word }) => word).filter((word) => !RESERVED_WORDS.has(word)),
    [],
  );
});

test("no name that is not one gets into SQL, wherever it stands", () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom('a"; drop schema x; --', "a'b", "a b", "A", "1a", "a\nb", "__proto__"),
  );
  fc.assert(
    fc.property(name, (bad) => {
      fc.pre(!/^[a-z][a-z0-9_]*$/.test(bad));
      const fields = { size: "text" };
      const ofGoods = (part: object) => ({ module: "shop", entities: { goods: { fields, ...part } } });
      const pair = (value: unknown) => Object.fromEntries([[bad, value]]);
      const designs = [
        { module: bad, entities: { goods: { fields } } },
        { module: "shop", entities: pair({ fields }) },
        ofGoods({ fields: pair("text") }),
        ofGoods({ relations: pair("members") }),
        ofGoods({ relations: { maker: bad } }),
        ofGoods({ relations: { maker: `crm.${bad}` } }),
        ofGoods({ states: { field: bad, order: { begun: [] } } }),
        ofGoods({ states: { order: pair([]) } }),
        ofGoods({ indexes: [{ fields: [bad] }] }),
        ofGoods({ unique: [[bad]] }),
        ofGoods({ sensitivity: "own", relations: { maker: "members" }, owner: bad }),
      ];
      for (const design of designs) assert.notDeepEqual(faultsOf(JSON.stringify(design)), [], JSON.stringify(design));
    }),
  );
});

test("whatever the text is, it is read or its faults are told", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.notDeepEqual(faultsOf(text), [])));
});

test("texts are quoted, and one that breaks its line stays in its comment", () => {
  const evil = "It's \\ a\n'); drop schema kernel cascade; --";
  const value = "o'clock\\";
  const goods = {
    description: evil,
    fields: { size: { type: "text", description: evil, values: [value], default: value } },
  };
  const sql = designMigration(designOf(JSON.stringify({ module: "shop", description: evil, entities: { goods } })));
  assert.match(sql, /^-- It's \\ a '\); drop schema kernel cascade; --\.\n/);
  assert.ok(
    sql.includes(`comment on column shop.goods.size is E'It''s \\\\ a ''); drop schema kernel cascade; --.';`),
    sql,
  );
  assert.ok(sql.includes(`default E'o''clock\\\\' check (size in (E'o''clock\\\\'))`), sql);
});
