import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter";
import { extractClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/extract-closest-edge";
import { Stack } from "@mantine/core";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { CardStatus } from "../../../modules/projects/contract.ts";
import { COLUMNS, columnName, columnOf, moved, type Target } from "../../lib/board.ts";
import type { Card, Place } from "../../lib/deal-queries.ts";
import { useMoves } from "../../lib/use-board.ts";
import { Keys } from "../../ui/Keys.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import classes from "./Board.module.css";
import { Column } from "./Column.tsx";

type Props = { place: Place; cards: Card[]; mayMove: boolean };

const KEYS: [string, string][] = [
  ["Arrows", "go from card to card"],
  ["Shift + arrows", "move the card"],
  ["Enter", "open it"],
];

/** The columns of a project with their cards, which are moved by mouse, finger, keys or menu. */
export function Board({ place, cards, mayMove }: Props) {
  const moves = useMoves(place);
  const board = useRef<HTMLElement>(null);
  const focused = useRef<string>(undefined);
  const [told, setTold] = useState("");

  const move = (id: string, target: Target) => {
    const card = cards.find((one) => one.id === id);
    if (!card) return;
    focused.current = id;
    setTold(placeOf(moved(cards, id, target), id, card.title));
    moves.mutate({ id, target }, { onError: () => setTold(`${card.title} was not moved. It is back where it was.`) });
  };
  const latest = useRef(move);
  useLayoutEffect(() => {
    latest.current = move;
    // A card that came into another column is another element: whoever was at it stays with it.
    if (focused.current && document.activeElement === document.body) focusCard(board.current, focused.current);
  });
  useEffect(() => {
    const leave = () => {
      focused.current = undefined;
    };
    window.addEventListener("pointerdown", leave);
    return () => window.removeEventListener("pointerdown", leave);
  }, []);
  useEffect(
    () =>
      monitorForElements({
        onDrop: ({ source, location }) => {
          const [over] = location.current.dropTargets;
          const id = source.data.card;
          const target = over && targetAt(over.data);
          if (typeof id === "string" && target && target.before_id !== id && target.after_id !== id)
            latest.current(id, target);
        },
      }),
    [],
  );

  return (
    <Stack gap="sm">
      {mayMove && <Keys keys={KEYS} />}
      {moves.error && <ProblemAlert error={moves.error} />}
      <output className="visually-hidden" aria-live="polite">
        {told}
      </output>
      <section
        className={classes.board}
        aria-label="Board"
        ref={board}
        onFocus={({ target }) => {
          focused.current = target.closest<HTMLElement>("[data-card]")?.dataset.card;
        }}
        onBlur={({ relatedTarget }) => {
          if (relatedTarget) focused.current = undefined;
        }}
      >
        {COLUMNS.map(([status]) => (
          <Column
            key={status}
            place={place}
            status={status}
            cards={columnOf(cards, status)}
            all={cards}
            mayMove={mayMove}
            onMove={move}
            onFocus={(id) => focusCard(board.current, id)}
          />
        ))}
      </section>
    </Stack>
  );
}

/** What a dropped card was dropped on: a column, or an edge of another card. */
function targetAt(data: Record<string | symbol, unknown>): Target | undefined {
  const status = data.status as CardStatus;
  if (typeof data.card !== "string") return { status };
  return extractClosestEdge(data) === "top" ? { status, before_id: data.card } : { status, after_id: data.card };
}

function placeOf(cards: Card[], id: string, title: string): string {
  const status = cards.find((card) => card.id === id)?.status ?? "";
  const column = columnOf(cards, status);
  return `${title}: ${columnName(status)}, ${column.findIndex((card) => card.id === id) + 1} of ${column.length}`;
}

function focusCard(board: HTMLElement | null, id: string): void {
  board?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"] button`)?.focus();
}
