import { NativeSelect } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { rescheduleAppointment, type Slot } from "../../../modules/calendar/contract.ts";
import { call } from "../../lib/api.ts";
import { type Appointment, membersQuery } from "../../lib/deal-queries.ts";
import { type DayTime, dayTimeOf, momentsOf } from "../../lib/time-of-day.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { FreeTimes, WHEN_RULES, WhenFields } from "./WhenFields.tsx";

type Props = { organization: string; appointment: Appointment; onMoved: (day: string) => void };
type Values = DayTime & { assigned_to: string };

/** Moves an appointment to another time, or gives it to a colleague. */
export function RescheduleForm({ organization, appointment, onMoved }: Props) {
  const { id, version } = appointment;
  const queryClient = useQueryClient();
  const members = useQuery(membersQuery(organization));
  const form = useForm<Values>({
    initialValues: { ...dayTimeOf(appointment), assigned_to: appointment.assigned_to },
    validate: WHEN_RULES,
  });
  const moving = useMutation({
    mutationFn: ({ assigned_to, ...when }: Values) =>
      call(rescheduleAppointment, {
        params: { organization, appointment: id },
        body: { ...momentsOf(when), assigned_to, version },
      }),
    onSuccess: async ({ start_time, end_time }) => {
      await queryClient.invalidateQueries({ queryKey: ["appointments", organization] });
      onMoved(dayTimeOf({ start_time, end_time }).day);
    },
  });
  const take = (slot: Slot) => {
    const when = dayTimeOf(slot);
    form.setValues(when);
    moving.mutate({ ...form.getValues(), ...when });
  };
  return (
    <FormShell form={form} mutation={moving} submitLabel="Move appointment">
      <WhenFields form={form} />
      <NativeSelect
        label="Whose time"
        data={(members.data ?? []).map(({ user_id, display_name }) => ({ value: user_id, label: display_name }))}
        {...form.getInputProps("assigned_to")}
      />
      <FreeTimes error={moving.error} onTake={take} />
    </FormShell>
  );
}
