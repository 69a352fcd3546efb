import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TABLE_FACTS } from "../database/facts.gen.ts";
import type { ColumnFacts } from "../database/facts.ts";
import { type Cell, cellReader, isFault } from "./cells.ts";
import { inputShape } from "./shapes.ts";

const COLUMNS = Object.values(TABLE_FACTS).flatMap(({ writes, columns }) => (writes ? Object.values(columns) : []));

const VALUES = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "a@b.c",
    "x".repeat(300),
    "",
    " ",
    "2026-01-31",
    "2026-02-30",
    "2026-01-31T12:00:00Z",
    "\u0000",
    "\ud800",
  ),
  fc.uuid(),
  fc.integer(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.jsonValue(),
);

/** What no table can hold, whatever its shape says. */
function isUnstorable(value: unknown): boolean {
  return /\\u(?:0000|d[89a-f])/.test(JSON.stringify(value) ?? "");
}

test("a column reads of JSON what its shape takes, and refuses the rest", () => {
  const readers = COLUMNS.map((column) => ({ column, reader: cellReader(column), shape: inputShape(column) }));
  fc.assert(
    fc.property(VALUES, fc.nat(), (value, place) => {
      const { column, reader, shape } = readers[place % readers.length] ?? assert.fail();
      const isTaken = shape.safeParse(value).success && !isUnstorable(value);
      assert.equal(isFault(reader.json(value)), !isTaken, JSON.stringify({ column, value }));
    }),
    { numRuns: 5_000 },
  );
});

function columnOf(own: Partial<ColumnFacts>): ColumnFacts {
  return { kind: "text", type: "text", comment: "", ...own };
}

function read(own: Partial<ColumnFacts>, ...texts: string[]): (Cell | "fault")[] {
  const { text } = cellReader(columnOf(own));
  return texts.map((given) => {
    const cell = text(given);
    return isFault(cell) ? "fault" : cell;
  });
}

test("values of CSV are read as people and spreadsheets write them", () => {
  assert.deepEqual(read({ kind: "boolean", type: "boolean" }, "TRUE", "no", "1", "maybe"), [
    "true",
    "false",
    "true",
    "fault",
  ]);
  assert.deepEqual(read({ kind: "integer", type: "integer" }, " 12 ", "-3", "1.5", "3000000000"), [
    "12",
    "-3",
    "fault",
    "fault",
  ]);
  assert.deepEqual(read({ kind: "bigint", type: "bigint" }, "+9223372036854775807", "9223372036854775808"), [
    "9223372036854775807",
    "fault",
  ]);
  assert.deepEqual(read({ kind: "number", type: "numeric" }, "1.50", "1,5", "'-2"), ["1.5", "fault", "-2"]);
  assert.deepEqual(read({ kind: "date", type: "date" }, "2024-02-29", "2023-02-29", "31.01.2024"), [
    "2024-02-29",
    "fault",
    "fault",
  ]);
  assert.deepEqual(
    read(
      { kind: "timestamp", type: "timestamp with time zone" },
      "2026-01-31T12:00:00.123+02:00",
      "2026-01-31 12:00:00+00",
      "2026-01-31",
      "noon",
    ),
    ["2026-01-31T12:00:00.123+02:00", "2026-01-31T12:00:00+00:00", "2026-01-31T00:00:00Z", "fault"],
  );
  assert.deepEqual(read({ kind: "texts", type: "text[]" }, "a; b", '["a\\"b", "c,d"]', "["), [
    '{"a","b"}',
    '{"a\\"b","c,d"}',
    "fault",
  ]);
  assert.deepEqual(read({ kind: "json", type: "jsonb" }, '{"a":1}', "{"), ['{"a":1}', "fault"]);
});

test("of the apostrophes before what would be a formula one is taken away, and no other", () => {
  assert.deepEqual(read({}, "'=1+1", "'tis", "'", "''=x"), ["=1+1", "'tis", "'", "'=x"]);
});

test("what is empty is null, or left to the default, or missing", () => {
  assert.deepEqual(read({ nullable: true }, "", " "), [null, null]);
  assert.deepEqual(read({ optional: true }, ""), [undefined]);
  assert.deepEqual(read({ min: 1 }, ""), ["fault"]);
  assert.deepEqual(read({}, ""), [""]);
});
