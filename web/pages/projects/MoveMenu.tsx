import { ActionIcon, Menu } from "@mantine/core";
import { COLUMNS, type Direction, stepOf, type Target } from "../../lib/board.ts";
import type { Card } from "../../lib/deal-queries.ts";

const STEPS: [Direction, string][] = [
  ["up", "Up"],
  ["down", "Down"],
];

type Props = { card: Card; all: Card[]; onMove: (id: string, target: Target) => void };

/** Moves a card without dragging: to another column, or up and down. */
export function MoveMenu({ card: { id, title, status }, all, onMove }: Props) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="md" aria-label={`Move ${title}`}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="currentColor">
            <circle cx="3" cy="8" r="1.5" />
            <circle cx="8" cy="8" r="1.5" />
            <circle cx="13" cy="8" r="1.5" />
          </svg>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Move to</Menu.Label>
        {COLUMNS.filter(([column]) => column !== status).map(([column, name]) => (
          <Menu.Item key={column} onClick={() => onMove(id, { status: column })}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {STEPS.map(([direction, name]) => {
          const target = stepOf(all, id, direction);
          return (
            <Menu.Item key={direction} disabled={!target} onClick={() => target && onMove(id, target)}>
              {name}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
