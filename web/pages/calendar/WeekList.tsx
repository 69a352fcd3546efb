import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { dayOf, laterBy, startOf } from "../../lib/days.ts";
import { type Appointment, appointmentsQuery } from "../../lib/deal-queries.ts";
import type { Organization } from "../../lib/organization.ts";
import { formatLongDay } from "../../lib/time-of-day.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { AppointmentRow } from "./AppointmentRow.tsx";

type Props = {
  organization: Organization;
  days: string[];
  member: string | undefined;
  mayChange: boolean;
  onMove: (appointment: Appointment) => void;
};

/** A week, day by day. At the weekend only what there is. */
export function WeekList({ organization, days, member, mayChange, onMove }: Props) {
  const [first = ""] = days;
  const from = startOf(first);
  const to = startOf(laterBy(first, days.length));
  const found = useQuery(appointmentsQuery(organization.slug, { from, to, member }));
  const today = dayOf(new Date());
  return (
    <Loaded query={found}>
      {(items) => (
        <Stack gap="sm">
          {days.map((day, place) => {
            const ofDay = items.filter(({ start_time }) => dayOf(new Date(start_time)) === day);
            if (ofDay.length === 0 && place >= 5 && day !== today) return null;
            const title = `${formatLongDay(day)}${day === today ? ", today" : ""}`;
            return (
              <Section key={day} title={title}>
                {ofDay.length === 0 ? (
                  <Text size="sm" c="dimmed">
                    Nothing planned
                  </Text>
                ) : (
                  <Rows label={title}>
                    {ofDay.map((appointment) => (
                      <AppointmentRow
                        key={appointment.id}
                        organization={organization}
                        appointment={appointment}
                        mayChange={mayChange}
                        onMove={onMove}
                      />
                    ))}
                  </Rows>
                )}
              </Section>
            );
          })}
        </Stack>
      )}
    </Loaded>
  );
}
