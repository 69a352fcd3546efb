import { generateKeyBetween, generateNKeysBetween } from "fractional-indexing";
import { Problem } from "../../kernel/errors.ts";
import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import type * as contract from "./contract.ts";
import type { BoardNow } from "./contract.ts";

/** A key that came to be longer has its column's keys made anew: each move between the same two cards makes one longer. */
const RANK_LENGTH_MAX = 60;
/** So many cards of a column are told where a move is refused. */
const ORDER_MAX = 500;

/** Two who move cards of one board do so one after the other, so that each sees where the other's card is. */
const LOCK_BOARD = `
  select p.id from projects.tasks t
  join projects.projects p on p.organization_id = t.organization_id and p.id = t.project_id
  where t.organization_id = $1 and t.id = $2 for no key update of p`;
const CARD =
  "select project_id, status, rank, version::int from projects.tasks where organization_id = $1 and id = $2 for no key update";

/** The cards of the column that is moved to, but for the one that is moved. */
const OTHERS = "organization_id = $1 and project_id = $2 and status = $3 and id <> $4";
const NEIGHBOUR = `select rank from projects.tasks where ${OTHERS} and id = $5`;
const LAST = `select max(rank) as rank from projects.tasks where ${OTHERS}`;
const LAST_BEFORE = `${LAST} and rank < $5`;
const FIRST_BEHIND = `select min(rank) as rank from projects.tasks where ${OTHERS} and rank > $5`;
const ORDER = "organization_id = $1 and project_id = $2 and status = $3 order by rank";

const PUT = `
  update projects.tasks set status = $3, rank = $4 where organization_id = $1 and id = $2
  returning id, status, rank, version::int`;
const PUT_MANY = `
  update projects.tasks t set rank = k.rank from unnest($2::uuid[], $3::text[]) as k (id, rank)
  where t.organization_id = $1 and t.id = k.id`;

type Place = BoardNow["card"];
type Card = Omit<Place, "id"> & { project_id: string };
type Move = InputOf<typeof contract.moveCard>["body"];
/** A card that is being moved, and the transaction that moves it. */
type Moving = { tx: Transaction; organization: string; id: string; card: Card; move: Move };

/**
 * Puts a card where it is wanted. Throws changed_meanwhile when it is not the version that the caller has seen, and conflict when the card
 * that it was to stand beside is not in that column any more, both with the board as it is in `current`; and not_found.
 */
export async function moveCard(
  context: Context,
  { params, body: move }: InputOf<typeof contract.moveCard>,
): Promise<Place> {
  const { id: organization } = context.organization;
  const { card: id } = params;
  return transaction(context, async (tx) => {
    await tx.query(LOCK_BOARD, [organization, id]);
    const [card] = await tx.query<Card>(CARD, [organization, id]);
    if (!card) throw new Problem("not_found");
    const moving: Moving = { tx, organization, id, card, move };
    if (card.version !== move.version)
      throw await refusal(moving, "changed_meanwhile", "Somebody has changed this card meanwhile.");
    let [lower, upper] = await findGap(moving);
    if (card.status === move.status && isBetween(card.rank, lower, upper)) return placeOf(id, card);
    let rank = generateKeyBetween(lower, upper);
    if (rank.length > RANK_LENGTH_MAX) {
      await shortenRanks(moving);
      [lower, upper] = await findGap(moving);
      rank = generateKeyBetween(lower, upper);
    }
    const [place] = await tx.query<Place>(PUT, [organization, id, move.status, rank]);
    if (!place) throw new Problem("not_found");
    return place;
  });
}

function placeOf(id: string, { status, rank, version }: Card): Place {
  return { id, status, rank, version };
}

function isBetween(rank: string, lower: string | null, upper: string | null): boolean {
  return (lower === null || lower < rank) && (upper === null || rank < upper);
}

/** The ranks between which the card comes; null is the beginning or the end of the column. */
async function findGap(moving: Moving): Promise<[lower: string | null, upper: string | null]> {
  const { before_id, after_id } = moving.move;
  const beside = before_id ?? after_id;
  if (beside === undefined) return [await rankBy(moving, LAST), null];
  const rank = await rankBy(moving, NEIGHBOUR, beside);
  if (rank === null)
    throw await refusal(
      moving,
      "conflict",
      "The card that this one was to stand beside is not in that column any more.",
    );
  if (before_id) return [await rankBy(moving, LAST_BEFORE, rank), rank];
  return [rank, await rankBy(moving, FIRST_BEHIND, rank)];
}

async function rankBy({ tx, organization, id, card, move }: Moving, text: string, ...more: string[]) {
  const values = [organization, card.project_id, move.status, id, ...more];
  const [found] = await tx.query<{ rank: string | null }>(text, values);
  return found?.rank ?? null;
}

/** Gives the cards of a column short keys in their order, all before the first of those they had: so no two ever have the same. */
async function shortenRanks({ tx, organization, card, move }: Moving): Promise<void> {
  const text = `select id, rank from projects.tasks where ${ORDER}`;
  const cards = await tx.query<{ id: string; rank: string }>(text, [organization, card.project_id, move.status]);
  const ranks = generateNKeysBetween(null, cards[0]?.rank ?? null, cards.length);
  await tx.query(PUT_MANY, [organization, cards.map(({ id }) => id), ranks]);
}

async function refusal(moving: Moving, code: "changed_meanwhile" | "conflict", detail: string): Promise<Problem> {
  const { tx, organization, id, card, move } = moving;
  const text = `select id from projects.tasks where ${ORDER} limit ${ORDER_MAX}`;
  const order = await tx.query<{ id: string }>(text, [organization, card.project_id, move.status]);
  const current: BoardNow = { card: placeOf(id, card), order: order.map((one) => one.id) };
  return new Problem(code, { detail, hint: "Look at the board as it is now, and move the card again.", current });
}
