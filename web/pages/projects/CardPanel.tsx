import { Drawer, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CardForm } from "../../forms/projects/CardForm.tsx";
import { call } from "../../lib/api.ts";
import { boardQuery, type Place } from "../../lib/deal-queries.ts";
import { cards } from "../../lib/nouns.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";

type Props = { place: Place; card: string; mayWrite: boolean };

/** All of a card, beside the board. */
export function CardPanel({ place, card: id, mayWrite }: Props) {
  const { organization, id: project } = place;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const board = useQuery(boardQuery(place));
  const card = board.data?.find((one) => one.id === id);
  const close = () =>
    navigate({ to: "/$organization/projects/$project", params: { organization, project }, search: {} });
  const removal = useMutation({
    mutationFn: () => call(cards.remove, { params: { organization, id } }),
    onSuccess: async () => {
      await close();
      return queryClient.invalidateQueries({ queryKey: ["client projects", organization] });
    },
  });
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      title="Card"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Loaded query={board}>
        {() =>
          card ? (
            <Stack gap="lg">
              <CardForm organization={organization} card={card} mayWrite={mayWrite} onSaved={close} />
              {mayWrite && (
                <div>
                  <ConfirmButton
                    label="Delete card"
                    of={card.title}
                    question="Delete for good?"
                    isPending={removal.isPending}
                    onConfirm={() => removal.mutate()}
                  />
                </div>
              )}
              {removal.error && <ProblemAlert error={removal.error} />}
            </Stack>
          ) : (
            <Text>This card is not on the board any more.</Text>
          )
        }
      </Loaded>
    </Drawer>
  );
}
