import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { createTenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { type Board, openBoard } from "./board.fixture.ts";

const COLUMNS = ["todo", "in_progress", "review", "done", "cancelled"] as const;
const CARDS = 8;
const ROUNDS = 15;

let http: TestHttpServer;

before(async () => {
  http = await openTestServer();
});

/** A wish: which card goes beside which other one, or to the end of a column. */
const wish = fc.record({
  card: fc.nat(CARDS - 1),
  beside: fc.option(fc.nat(CARDS - 1), { nil: undefined }),
  side: fc.constantFrom("before_id", "after_id"),
  column: fc.constantFrom(...COLUMNS),
});

test("however many move cards at once, every card is there once, in a place of its own, and who succeeded is where they wanted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(wish, { minLength: 2, maxLength: 8 }), { minLength: 1, maxLength: 5 }),
      async (rounds) => {
        const board = await openBoard(http, await createTenant(http.database), CARDS);
        for (const round of rounds) {
          const answers = await Promise.all(round.map((one) => play(board, one)));
          for (const status of answers) assert.ok([200, 409, 412].includes(status), String(status));
          await check(board);
        }
      },
    ),
    { numRuns: ROUNDS },
  );
});

async function play(
  { cards, card, move }: Board & { cards: string[] },
  { card: which, beside, side, column }: Wish,
): Promise<number> {
  const neighbour = beside === undefined || beside === which ? undefined : cards[beside];
  const status = neighbour ? (await card(neighbour)).status : column;
  return (await move(cards[which] ?? "", { status, ...(neighbour && { [side]: neighbour }) })).statusCode;
}

type Wish = { card: number; beside: number | undefined; side: "before_id" | "after_id"; column: string };

async function check({ read, cards }: Board & { cards: string[] }): Promise<void> {
  const all = await read();
  assert.deepEqual(all.map(({ id }) => id).toSorted(), cards.toSorted());
  assert.equal(new Set(all.map(({ status, rank }) => `${status} ${rank}`)).size, CARDS);
}

test("a card that is moved to and fro between two others a thousand times still finds a place", async () => {
  const { cards, move, column } = await openBoard(http, await createTenant(http.database), 4);
  const [first = "", a = "", b = "", last = ""] = cards;
  for (let turn = 0; turn < 500; turn++) {
    const [one, other] = turn % 2 === 0 ? [a, b] : [b, a];
    assert.equal((await move(one, { status: "todo", after_id: other })).statusCode, 200);
  }
  assert.deepEqual((await column("todo")).toSorted(), cards.toSorted());
  assert.deepEqual([(await column("todo"))[0], (await column("todo")).at(-1)], [first, last]);
});
