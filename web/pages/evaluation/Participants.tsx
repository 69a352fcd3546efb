import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api.ts";
import { addParticipant, type BenchmarkPlace, membersQuery, nameOf, participantsQuery } from "../../lib/evaluation.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";

/** Who may hand in, for those who decide that. */
export function Participants({ place }: { place: BenchmarkPlace }) {
  const queryClient = useQueryClient();
  const participants = useQuery(participantsQuery(place));
  const members = useQuery(membersQuery(place.organization));
  const [chosen, setChosen] = useState<string | null>(null);
  const adding = useMutation({
    mutationFn: (user_id: string) =>
      call(addParticipant, {
        params: { organization: place.organization },
        body: { benchmark_id: place.benchmark, user_id },
      }),
    onSuccess: () => {
      setChosen(null);
      return queryClient.invalidateQueries({ queryKey: participantsQuery(place).queryKey });
    },
  });
  const people = new Map((members.data?.items ?? []).map((member) => [member.user_id, member]));
  const inside = new Set((participants.data?.items ?? []).map(({ user_id }) => user_id));
  const others = [...people.values()].filter(({ user_id }) => !inside.has(user_id));
  return (
    <Section title="Who takes part" description="They see the benchmark and its items, and hand in.">
      <Loaded query={participants}>
        {({ items }) => (
          <Stack gap="md">
            {items.length === 0 ? (
              <Text c="dimmed">Nobody yet. Let somebody in below.</Text>
            ) : (
              <Rows label="Who takes part">
                {items.map(({ user_id }) => {
                  const { name = "A former member", email = "", kind } = people.get(user_id) ?? {};
                  return <Row key={user_id} title={name} about={kind === "service" ? "A service" : email} />;
                })}
              </Rows>
            )}
            <Group align="flex-end" gap="sm">
              <Select
                label="Let a member in"
                placeholder="Choose a member"
                searchable
                flex="1 1 220px"
                maw={360}
                data={others.map((member) => ({ value: member.user_id, label: nameOf(member) }))}
                value={chosen}
                onChange={setChosen}
                nothingFoundMessage="Everybody is in"
              />
              <Button disabled={!chosen} loading={adding.isPending} onClick={() => chosen && adding.mutate(chosen)}>
                Let in
              </Button>
            </Group>
            {adding.error && <ProblemAlert error={adding.error} />}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
