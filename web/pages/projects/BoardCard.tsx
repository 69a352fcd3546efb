import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter";
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { attachClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/attach-closest-edge";
import { extractClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge/extract-closest-edge";
import { Stack, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { type Direction, neighbourOf, stepOf, type Target } from "../../lib/board.ts";
import { type Card, membersQuery } from "../../lib/deal-queries.ts";
import { formatDay } from "../../lib/format.ts";
import classes from "./Board.module.css";
import { MoveMenu } from "./MoveMenu.tsx";

const DIRECTIONS: Record<string, Direction> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

type Props = {
  card: Card;
  all: Card[];
  organization: string;
  mayMove: boolean;
  onMove: (id: string, target: Target) => void;
  onFocus: (id: string) => void;
};

/** A card: arrows lead to others, and with Shift they take it along. */
export function BoardCard({ card, all, organization, mayMove, onMove, onFocus }: Props) {
  const { id, title, project_id } = card;
  const navigate = useNavigate();
  const element = useRef<HTMLLIElement>(null);
  const { edge, isDragged } = useDragging(element, card, mayMove);
  const open = () =>
    navigate({
      to: "/$organization/projects/$project",
      params: { organization, project: project_id },
      search: { card: id },
    });
  const go = (event: KeyboardEvent) => {
    const direction = DIRECTIONS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!event.shiftKey) {
      const neighbour = neighbourOf(all, id, direction);
      if (neighbour) onFocus(neighbour);
      return;
    }
    const target = mayMove && stepOf(all, id, direction);
    if (target) onMove(id, target);
  };
  return (
    <li
      ref={element}
      className={classes.card}
      data-card={id}
      data-movable={mayMove}
      data-dragged={isDragged}
      {...(edge && { "data-edge": edge })}
    >
      <Stack gap={2} miw={0} flex={1}>
        <UnstyledButton className={classes.title} onClick={open} onKeyDown={go} dir="auto" fz="sm" fw={500}>
          {title}
        </UnstyledButton>
        <About card={card} organization={organization} />
      </Stack>
      {mayMove && <MoveMenu card={card} all={all} onMove={onMove} />}
    </li>
  );
}

function About({ card: { assigned_to, due_date }, organization }: { card: Card; organization: string }) {
  const members = useQuery(membersQuery(organization));
  const assignee = members.data?.find(({ user_id }) => user_id === assigned_to)?.display_name;
  const about = [assignee, due_date && `due ${formatDay(due_date)}`].filter(Boolean).join(" · ");
  if (!about) return null;
  return (
    <Text size="xs" c="dimmed">
      {about}
    </Text>
  );
}

/** Lets a card be dragged, and others be dropped above or below it. */
function useDragging(element: RefObject<HTMLLIElement | null>, { id, status }: Card, mayMove: boolean) {
  const [edge, setEdge] = useState<string | null>(null);
  const [isDragged, setDragged] = useState(false);
  useEffect(() => {
    if (!mayMove || !element.current) return undefined;
    return combine(
      draggable({
        element: element.current,
        getInitialData: () => ({ card: id }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element: element.current,
        canDrop: ({ source }) => source.data.card !== id,
        getData: ({ input, element: own }) =>
          attachClosestEdge({ card: id, status }, { input, element: own, allowedEdges: ["top", "bottom"] }),
        onDrag: ({ self }) => setEdge(extractClosestEdge(self.data)),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [element, id, status, mayMove]);
  return { edge, isDragged };
}
