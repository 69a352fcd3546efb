import { Fieldset, NativeSelect, NumberInput, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api.ts";
import { dayOf } from "../../lib/days.ts";
import { type Card, membersQuery } from "../../lib/deal-queries.ts";
import { cards } from "../../lib/nouns.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

const HOUR_MINUTES = 60;
const HOURS_MAX = 16_000;
const PRIORITIES = ["low", "medium", "high", "critical"];

type Props = { organization: string; card: Card; mayWrite: boolean; onSaved: () => void };
type Values = {
  title: string;
  assigned_to: string;
  priority: string;
  due: string;
  hours: number | "";
  description: string;
};

/** Changes a card that is still as it was when it was opened: others may move it meanwhile, and are told apart from it. */
export function CardForm({ organization, card, mayWrite, onSaved }: Props) {
  const queryClient = useQueryClient();
  const members = useQuery(membersQuery(organization));
  const [known, setKnown] = useState(card);
  const form = useForm<Values>({ initialValues: valuesOf(known), validate: { title: isGiven } });
  const isStale = known.version !== card.version;
  const saving = useMutation({
    mutationFn: (values: Values) =>
      call(
        cards.update,
        { params: { organization, id: card.id }, body: bodyOf(values, known) },
        // Where it was only moved, what stands in it is still what was read.
        { ifMatch: `"${isStale && isSame(known, card) ? card.version : known.version}"` },
      ),
    onSuccess: async (saved) => {
      setKnown(saved);
      await queryClient.invalidateQueries({ queryKey: ["client projects", organization] });
      onSaved();
    },
  });
  const fields = (
    <>
      <Textarea label="Title" autosize minRows={1} maxLength={300} dir="auto" {...form.getInputProps("title")} />
      <NativeSelect
        label="Assigned to"
        data={[
          { value: "", label: "Nobody yet" },
          ...(members.data ?? []).map(({ user_id, display_name }) => ({ value: user_id, label: display_name })),
        ]}
        {...form.getInputProps("assigned_to")}
      />
      <NativeSelect label="Priority" data={PRIORITIES} {...form.getInputProps("priority")} />
      <TextInput label="Due" type="date" {...form.getInputProps("due")} />
      <NumberInput
        label="Estimate in hours"
        min={0}
        max={HOURS_MAX}
        decimalScale={2}
        {...form.getInputProps("hours")}
      />
      <Textarea
        label="Description"
        autosize
        minRows={4}
        maxRows={16}
        maxLength={50_000}
        dir="auto"
        {...form.getInputProps("description")}
      />
    </>
  );
  if (!mayWrite)
    return (
      <Fieldset disabled legend="Only to be read">
        <Stack gap="md">{fields}</Stack>
      </Fieldset>
    );
  return (
    <FormShell form={form} mutation={saving} submitLabel="Save card">
      {fields}
    </FormShell>
  );
}

function valuesOf({ title, assigned_to, priority, due_date, estimated_minutes, description }: Card): Values {
  return {
    title,
    assigned_to: assigned_to ?? "",
    priority,
    due: due_date ? dayOf(new Date(due_date)) : "",
    hours: estimated_minutes === null ? "" : estimated_minutes / HOUR_MINUTES,
    description,
  };
}

/** A day that was not touched keeps its hour. */
function bodyOf({ due, hours, assigned_to, title, ...values }: Values, { due_date }: Card) {
  const isKept = due_date !== null && dayOf(new Date(due_date)) === due;
  return {
    ...values,
    title: title.trim(),
    assigned_to: assigned_to || null,
    estimated_minutes: hours === "" ? null : Math.round(hours * HOUR_MINUTES),
    ...(!isKept && { due_date: due ? new Date(`${due}T23:59:00`).toISOString() : null }),
  };
}

function isSame(one: Card, other: Card): boolean {
  return JSON.stringify(valuesOf(one)) === JSON.stringify(valuesOf(other));
}
