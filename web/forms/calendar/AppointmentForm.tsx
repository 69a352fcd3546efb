import { NativeSelect, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { bookAppointment, type Slot, TITLE_LENGTH_MAX } from "../../../modules/calendar/contract.ts";
import { call } from "../../lib/api.ts";
import { membersQuery } from "../../lib/deal-queries.ts";
import { type DayTime, dayTimeOf, momentsOf } from "../../lib/time-of-day.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { CustomerField } from "../CustomerField.tsx";
import { FreeTimes, WHEN_RULES, WhenFields } from "./WhenFields.tsx";

const REMINDERS = [
  { value: "", label: "No reminder" },
  { value: "15", label: "15 minutes before" },
  { value: "60", label: "An hour before" },
  { value: "1440", label: "A day before" },
];

type Props = {
  organization: string;
  day: string;
  member: string;
  customer: string | undefined;
  onMade: (day: string) => void;
};
type Values = DayTime & {
  title: string;
  assigned_to: string;
  customer_id: string | null;
  location: string;
  remind: string;
};

/** Makes an appointment; where the member is busy then, the next free times are offered. */
export function AppointmentForm({ organization, day, member, customer, onMade }: Props) {
  const queryClient = useQueryClient();
  const members = useQuery(membersQuery(organization));
  const form = useForm<Values>({
    initialValues: {
      title: "",
      assigned_to: member,
      customer_id: customer ?? null,
      day,
      from: "09:00",
      to: "10:00",
      location: "",
      remind: "60",
    },
    validate: { title: isGiven, ...WHEN_RULES },
  });
  const booking = useMutation({
    mutationFn: ({ title, assigned_to, customer_id, location, remind, ...when }: Values) => {
      const remind_minutes = remind ? [Number(remind)] : [];
      const about = {
        title: title.trim(),
        assigned_to,
        customer_id,
        location: location.trim() || null,
        description: "",
      };
      return call(bookAppointment, {
        params: { organization },
        body: { ...about, ...momentsOf(when), remind_minutes },
      });
    },
    onSuccess: async ({ start_time, end_time }) => {
      await queryClient.invalidateQueries({ queryKey: ["appointments", organization] });
      onMade(dayTimeOf({ start_time, end_time }).day);
    },
  });
  const take = (slot: Slot) => {
    const when = dayTimeOf(slot);
    form.setValues(when);
    booking.mutate({ ...form.getValues(), ...when });
  };
  const { value, onChange, error } = form.getInputProps("customer_id");
  return (
    <FormShell form={form} mutation={booking} submitLabel="Book appointment">
      <TextInput
        label="Title"
        data-autofocus
        maxLength={TITLE_LENGTH_MAX}
        dir="auto"
        {...form.getInputProps("title")}
      />
      <NativeSelect
        label="Whose time"
        data={(members.data ?? []).map(({ user_id, display_name }) => ({ value: user_id, label: display_name }))}
        {...form.getInputProps("assigned_to")}
      />
      <WhenFields form={form} />
      <CustomerField organization={organization} value={value} onChange={onChange} error={error} />
      <TextInput label="Where" maxLength={500} dir="auto" {...form.getInputProps("location")} />
      <NativeSelect label="Reminder by mail" data={REMINDERS} {...form.getInputProps("remind")} />
      <FreeTimes error={booking.error} onTake={take} />
    </FormShell>
  );
}
