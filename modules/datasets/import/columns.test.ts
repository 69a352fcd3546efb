import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyError, readCsvText } from "./body.fixture.ts";

test("the text's column is the one that was asked for, else text in any case, else the only one", async () => {
  const chosen = async (header: string, textColumn?: string): Promise<string | null> => {
    const row = header.replaceAll(/[^,]+/g, "x");
    return (await readCsvText(`${header}\n${row}\n`, textColumn === undefined ? {} : { textColumn })).textColumn;
  };
  assert.equal(await chosen("id,text,note", "note"), "note");
  assert.equal(await chosen("id,text"), "text");
  assert.equal(await chosen("id, TEXT "), "TEXT");
  assert.equal(await chosen("Text,text"), "text");
  assert.equal(await chosen("sentence"), "sentence");
});

test("when the text's column is not clear, the columns are listed", async () => {
  const listed = /^1: .*Choose one of the columns there are: "id", "note"\.$/;
  assert.match(onlyError(await readCsvText("id,note\n1,x\n")), listed);
  const result = await readCsvText("id,note\n1,x\n", { textColumn: "Note" });
  assert.match(
    onlyError(result),
    /^1: There is no column "Note"\. Choose one of the columns there are: "id", "note"\.$/,
  );
  assert.deepEqual(result.columns, ["id", "note"]);
  assert.match(onlyError(await readCsvText("Text,TEXT\na,b\n")), /^1: It is not clear/);
});

test("headers that are double, empty, too long or too many are refused with their line", async () => {
  const header = async (names: string): Promise<string> => onlyError(await readCsvText(`\n\n${names}\nx\n`));
  assert.match(await header("text,id, text"), /^3: Columns 1 and 3 are both named "text"/);
  assert.match(await header("text,,id"), /^3: Column 2 has no name/);
  assert.match(await header("x".repeat(201)), /^3: The column name "x{60}…" has 201 characters, and at most 200/);
  assert.match(
    await header(Array.from({ length: 201 }, (_, n) => n).join()),
    /^3: There are 201 columns, and at most 200/,
  );
});
