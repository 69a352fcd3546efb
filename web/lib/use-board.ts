import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem } from "../../client/problem.ts";
import { type BoardNow, moveCard } from "../../modules/projects/contract.ts";
import { call } from "./api.ts";
import { moved, type Target, targetNow } from "./board.ts";
import { boardQuery, type Card, type Place } from "./deal-queries.ts";

export type Move = { id: string; target: Target };

/** By which the moves of a project's board are known while they are under way. */
export function movesKey(project: string): string[] {
  return ["moves", project];
}

/**
 * Moves cards of a board. A card is shown where it is to go at once; where somebody was faster the move is made again on the board as it
 * has become; and where that fails too the card goes back.
 */
export function useMoves(place: Place) {
  const queryClient = useQueryClient();
  const { queryKey } = boardQuery(place);
  const cardsNow = () => queryClient.getQueryData<Card[]>(queryKey) ?? [];
  const send = ({ id, target }: Move, version: number) =>
    call(moveCard, { params: { organization: place.organization, card: id }, body: { ...target, version } });
  return useMutation({
    mutationKey: movesKey(place.id),
    // One after the other, as each begins at the version that the one before has made.
    scope: { id: `moves ${place.id}` },
    mutationFn: async (move: Move) => {
      const card = cardsNow().find(({ id }) => id === move.id);
      try {
        return await send(move, card?.version ?? 0);
      } catch (error) {
        const now = boardIn(error);
        if (!now) throw error;
        return send({ id: move.id, target: targetNow(cardsNow(), move.id, move.target, now) }, now.card.version);
      }
    },
    onMutate: ({ id, target }) => {
      // What is under way was asked for before.
      queryClient.cancelQueries({ queryKey }, { revert: false });
      queryClient.setQueryData<Card[]>(queryKey, (cards = []) => moved(cards, id, target));
    },
    onSuccess: ({ id, version, rank }) => {
      queryClient.setQueryData<Card[]>(queryKey, (cards = []) =>
        cards.map((card) => (card.id === id ? { ...card, version, rank } : card)),
      );
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["client projects", place.organization] }),
  });
}

/** The board as it is, where a refusal tells. */
function boardIn(error: unknown): BoardNow | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const { status, current } = error.problem;
  return (status === 409 || status === 412) && current ? (current as BoardNow) : undefined;
}
