import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api.ts";
import type { Place } from "../../lib/deal-queries.ts";
import { cards } from "../../lib/nouns.ts";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";

/** Adds a card by its title; the next one can be written at once. */
export function NewCardForm({ place: { organization, id } }: { place: Place }) {
  const queryClient = useQueryClient();
  const [title, setTitle] = useState("");
  const creation = useMutation({
    mutationFn: (wanted: string) =>
      call(cards.create, { params: { organization }, body: { project_id: id, title: wanted } }),
    onSuccess: () => {
      setTitle("");
      return queryClient.invalidateQueries({ queryKey: ["client projects", organization] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (title.trim() && !creation.isPending) creation.mutate(title.trim());
      }}
    >
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap">
          <TextInput
            aria-label="Title of a new card"
            placeholder="New card"
            flex={1}
            size="sm"
            maxLength={300}
            dir="auto"
            value={title}
            onChange={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          <Button type="submit" size="sm" variant="default" loading={creation.isPending}>
            Add
          </Button>
        </Group>
        {creation.error && <ProblemAlert error={creation.error} />}
      </Stack>
    </form>
  );
}
