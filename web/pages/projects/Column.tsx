import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter";
import { Group, Text, Title } from "@mantine/core";
import { useEffect, useId, useRef, useState } from "react";
import type { CardStatus } from "../../../modules/projects/contract.ts";
import { NewCardForm } from "../../forms/projects/NewCardForm.tsx";
import { columnName, type Target } from "../../lib/board.ts";
import type { Card, Place } from "../../lib/deal-queries.ts";
import classes from "./Board.module.css";
import { BoardCard } from "./BoardCard.tsx";

type Props = {
  place: Place;
  status: CardStatus;
  cards: Card[];
  /** The cards of all columns. */
  all: Card[];
  mayMove: boolean;
  onMove: (id: string, target: Target) => void;
  onFocus: (id: string) => void;
};

/** A column of the board. New cards begin in the first. */
export function Column({ place, status, cards, all, mayMove, onMove, onFocus }: Props) {
  const heading = useId();
  const element = useRef<HTMLElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (!mayMove || !element.current) return undefined;
    return dropTargetForElements({
      element: element.current,
      getData: () => ({ status }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [mayMove, status]);
  return (
    <section className={classes.column} aria-labelledby={heading} ref={element} data-over={isOver}>
      <Group justify="space-between">
        <Title order={2} size="h5" id={heading}>
          {columnName(status)}
        </Title>
        <Text size="sm" c="dimmed">
          {cards.length}
        </Text>
      </Group>
      <ul className={classes.cards} aria-labelledby={heading}>
        {cards.map((card) => (
          <BoardCard
            key={card.id}
            card={card}
            all={all}
            organization={place.organization}
            mayMove={mayMove}
            onMove={onMove}
            onFocus={onFocus}
          />
        ))}
      </ul>
      {mayMove && status === "todo" && <NewCardForm place={place} />}
    </section>
  );
}
