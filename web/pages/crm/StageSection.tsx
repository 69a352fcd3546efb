import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeStage, REASON_LENGTH_MAX, STAGE_STEPS, type Stage } from "../../../modules/crm/contract.ts";
import { call } from "../../lib/api.ts";
import { nameIn, type Place, stagesQuery } from "../../lib/deal-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { StageBadge, stageWord } from "./stage-words.tsx";

type Props = { place: Place; stage: string; mayChange: boolean };

/** How far the relation has come, and how it came there. */
export function StageSection({ place, stage, mayChange }: Props) {
  const way = useQuery(stagesQuery(place));
  return (
    <Section title="Stage" actions={<StageBadge stage={stage} />}>
      {mayChange && <Change place={place} stage={stage} />}
      <Loaded query={way}>
        {(steps) => (
          <Rows label="The way so far">
            {steps.map(({ id, from_stage, to_stage, reason, changed_at, embedded }) => (
              <Row
                key={id}
                title={from_stage ? `${stageWord(from_stage)} → ${stageWord(to_stage)}` : stageWord(to_stage)}
                about={
                  <>
                    <Ago at={changed_at} />
                    {nameIn(embedded?.changed_by) && ` by ${nameIn(embedded?.changed_by)}`}
                    {reason && `: ${reason}`}
                  </>
                }
              />
            ))}
          </Rows>
        )}
      </Loaded>
    </Section>
  );
}

function Change({ place: { organization, id }, stage }: Pick<Props, "place" | "stage">) {
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const change = useMutation({
    mutationFn: (to: Stage) =>
      call(changeStage, {
        params: { organization, customer: id },
        body: { stage: to, ...(reason.trim() && { reason: reason.trim() }) },
      }),
    onSuccess: () => setReason(""),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["customers", organization] }),
  });
  return (
    <Stack gap="sm">
      <TextInput
        label="Why it changes"
        description="Stands in the history, for colleagues."
        maxLength={REASON_LENGTH_MAX}
        dir="auto"
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <Group gap="xs">
        <Text size="sm">Move to</Text>
        {(STAGE_STEPS[stage as Stage] ?? []).map((to) => (
          <Button
            key={to}
            size="xs"
            variant="default"
            loading={change.isPending && change.variables === to}
            disabled={change.isPending}
            onClick={() => change.mutate(to)}
          >
            {stageWord(to)}
          </Button>
        ))}
      </Group>
      {change.error && <ProblemAlert error={change.error} />}
    </Stack>
  );
}
