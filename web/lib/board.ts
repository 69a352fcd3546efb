import type { BoardNow, CardStatus } from "../../modules/projects/contract.ts";

/** The columns of a board in their order, and what they are called. */
export const COLUMNS: readonly (readonly [status: CardStatus, name: string])[] = [
  ["todo", "To do"],
  ["in_progress", "In progress"],
  ["review", "Review"],
  ["done", "Done"],
  ["cancelled", "Cancelled"],
];

/** Where a card is to go: before another one, behind one, or to the end of a column. */
export type Target = { status: CardStatus; before_id?: string; after_id?: string };
type Placed = { id: string; status: string };
export type Direction = "up" | "down" | "left" | "right";

export function columnName(status: string): string {
  return COLUMNS.find(([each]) => each === status)?.[1] ?? status;
}

/** The cards of a column, which stand in the order of all. */
export function columnOf<C extends Placed>(cards: readonly C[], status: string): C[] {
  return cards.filter((card) => card.status === status);
}

/** Where a card goes by a step; undefined where there is nothing further. */
export function stepOf(cards: readonly Placed[], id: string, direction: Direction): Target | undefined {
  const card = cards.find((one) => one.id === id);
  if (!card) return undefined;
  const status = card.status as CardStatus;
  const column = columnOf(cards, status);
  const place = column.findIndex((one) => one.id === id);
  if (direction === "up" || direction === "down") {
    const neighbour = column[direction === "up" ? place - 1 : place + 1];
    if (!neighbour) return undefined;
    return direction === "up" ? { status, before_id: neighbour.id } : { status, after_id: neighbour.id };
  }
  const beside = sideOf(status, direction);
  if (!beside) return undefined;
  // As high up as it stands.
  const neighbour = columnOf(cards, beside)[place];
  return { status: beside, ...(neighbour && { before_id: neighbour.id }) };
}

/** The card that one comes to from another. */
export function neighbourOf(cards: readonly Placed[], id: string, direction: Direction): string | undefined {
  const card = cards.find((one) => one.id === id);
  if (!card) return undefined;
  const column = columnOf(cards, card.status);
  const place = column.findIndex((one) => one.id === id);
  if (direction === "up" || direction === "down") return column[direction === "up" ? place - 1 : place + 1]?.id;
  let beside = sideOf(card.status as CardStatus, direction);
  while (beside) {
    const others = columnOf(cards, beside);
    if (others.length > 0) return others[Math.min(place, others.length - 1)]?.id;
    beside = sideOf(beside, direction);
  }
  return undefined;
}

function sideOf(status: CardStatus, direction: "left" | "right"): CardStatus | undefined {
  const place = COLUMNS.findIndex(([each]) => each === status);
  return COLUMNS[direction === "left" ? place - 1 : place + 1]?.[0];
}

/** The cards as they stand once a card was moved. */
export function moved<C extends Placed>(cards: readonly C[], id: string, target: Target): C[] {
  const card = cards.find((one) => one.id === id);
  if (!card) return [...cards];
  const others = cards.filter((one) => one.id !== id);
  const beside = target.before_id ?? target.after_id;
  const at = beside === undefined ? -1 : others.findIndex((one) => one.id === beside);
  const place = at < 0 ? others.length : at + (target.before_id ? 0 : 1);
  return others.toSpliced(place, 0, { ...card, status: target.status });
}

/**
 * The same wish for the board as it has become: beside the nearest card that is still in the column, out of those that stood there when
 * it was made, or at the end.
 */
export function targetNow(
  cards: readonly Placed[],
  id: string,
  { status }: Target,
  { order }: Pick<BoardNow, "order">,
): Target {
  const column = columnOf(cards, status).map((one) => one.id);
  const place = column.indexOf(id);
  const isThere = (one: string) => one !== id && order.includes(one);
  const above = column.slice(0, Math.max(place, 0)).findLast(isThere);
  if (above) return { status, after_id: above };
  const below = column.slice(place + 1).find(isThere);
  return { status, ...(below && { before_id: below }) };
}
