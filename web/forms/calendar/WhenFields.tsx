import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { ApiProblem } from "../../../client/problem.ts";
import type { FreeSlots, Slot } from "../../../modules/calendar/contract.ts";
import { type DayTime, formatRange, formatShortDay } from "../../lib/time-of-day.ts";

/** A day, and from when to when. */
export function WhenFields<Values extends DayTime>({ form }: { form: UseFormReturnType<Values> }) {
  return (
    <Group align="start" gap="sm">
      <TextInput label="Day" type="date" flex="1 1 100%" {...form.getInputProps("day")} />
      <TextInput label="From" type="time" flex="1 1 110px" {...form.getInputProps("from")} />
      <TextInput
        label="To"
        type="time"
        flex="1 1 110px"
        {...form.getInputProps("to")}
        error={form.errors.to ?? form.errors.end_time}
      />
    </Group>
  );
}

/** What a form says of times that are none. */
export const WHEN_RULES = {
  day: (day: string) => (day === "" ? "Choose a day." : null),
  from: (from: string) => (from === "" ? "Say when it begins." : null),
  to: (to: string, { from }: DayTime) => (to > from ? null : "It ends after it begins."),
};

/** The next free times that a refusal told, to be taken at once. */
export function FreeTimes({ error, onTake }: { error: unknown; onTake: (slot: Slot) => void }) {
  const slots = freeSlotsIn(error);
  if (slots.length === 0) return null;
  return (
    <Stack gap="xs">
      <Text size="sm">Free next:</Text>
      <Group gap="xs">
        {slots.map((slot) => (
          <Button key={slot.start_time} size="xs" variant="default" onClick={() => onTake(slot)}>
            {formatShortDay(slot.start_time)}, {formatRange(slot.start_time, slot.end_time)}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

function freeSlotsIn(error: unknown): Slot[] {
  const current = error instanceof ApiProblem ? (error.problem.current as Partial<FreeSlots> | undefined) : undefined;
  return current?.free_slots ?? [];
}
