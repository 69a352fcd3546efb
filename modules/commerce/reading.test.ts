import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "./connectors/connector.ts";
import { readAhead } from "./reading.ts";

const MOST = 3;

/** A store of some pages, each of which is named by its place; the first ones answer, the next one fails. */
function openList(pages: number, answered = pages) {
  const asked: number[] = [];
  const ask = async ({ mark = "1" }: { mark?: string }): Promise<Page> => {
    const page = Number(mark);
    asked.push(page);
    await turn();
    if (page > answered) throw new Error(`page ${page} is out`);
    return { found: [{ id: mark, reason: "a page" }], next: { mark: String(page + 1) }, isLast: page === pages };
  };
  return { asked, ask };
}

const namesOf = (pages: readonly Page[]) => pages.flatMap(({ found }) => found.map(({ id }) => Number(id)));
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Lets come all that may. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn();
}

test("what is read while something is taken comes together, each page once, in its order and no further ahead than is allowed", async () => {
  const { asked, ask } = openList(8);
  const taken: number[][] = [];
  for await (const pages of readAhead(ask, {}, MOST)) {
    taken.push(namesOf(pages));
    await settle();
    assert.ok(asked.length <= taken.flat().length + MOST, `${asked.length} pages are asked for`);
  }
  assert.deepEqual(taken, [[1], [2, 3, 4], [5, 6, 7], [8]]);
  assert.deepEqual(asked, [1, 2, 3, 4, 5, 6, 7, 8]);
});

test("pages that came before one that fails are given before that is told", async () => {
  const { ask } = openList(8, 3);
  const taken: number[] = [];
  await assert.rejects(async () => {
    for await (const pages of readAhead(ask, {}, MOST)) {
      taken.push(...namesOf(pages));
      await settle();
    }
  }, /page 4 is out/);
  assert.deepEqual(taken, [1, 2, 3]);
});

test("who stops taking stops the reading", async () => {
  const { asked, ask } = openList(8);
  for await (const pages of readAhead(ask, {}, MOST)) if (pages.length > 0) break;
  await settle();
  assert.ok(asked.length <= 2, `${asked.length} pages are asked for`);
});
