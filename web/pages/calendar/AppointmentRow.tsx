import { Button, Menu, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type AppointmentStatus, setAppointmentStatus } from "../../../modules/calendar/contract.ts";
import { call } from "../../lib/api.ts";
import { type Appointment, customerQuery, membersQuery } from "../../lib/deal-queries.ts";
import { customers } from "../../lib/nouns.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { formatRange } from "../../lib/time-of-day.ts";
import { AnchorLink } from "../../ui/links.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row } from "../../ui/Row.tsx";
import { appointmentWord } from "./appointment-words.ts";

/** What can become of an appointment, and how that is said. */
const STEPS: Record<string, [AppointmentStatus, string][]> = {
  scheduled: [
    ["confirmed", "Confirm"],
    ["completed", "It took place"],
    ["no_show", "Nobody came"],
    ["cancelled", "Call off"],
  ],
  confirmed: [
    ["completed", "It took place"],
    ["no_show", "Nobody came"],
    ["cancelled", "Call off"],
  ],
  cancelled: [["scheduled", "Take up again"]],
  no_show: [["completed", "It took place after all"]],
};

type Props = {
  organization: Organization;
  appointment: Appointment;
  mayChange: boolean;
  onMove: (appointment: Appointment) => void;
};

export function AppointmentRow({ organization, appointment, mayChange, onMove }: Props) {
  const { id, title, start_time, end_time, status, location, assigned_to, customer_id, version } = appointment;
  const queryClient = useQueryClient();
  const members = useQuery(membersQuery(organization.slug));
  const change = useMutation({
    mutationFn: (becomes: AppointmentStatus) =>
      call(setAppointmentStatus, {
        params: { organization: organization.slug, appointment: id },
        body: { status: becomes, version },
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["appointments", organization.slug] }),
  });
  const owner = members.data?.find(({ user_id }) => user_id === assigned_to)?.display_name;
  const steps = STEPS[status] ?? [];
  const mayMove = status === "scheduled" || status === "confirmed";
  return (
    <Row
      title={`${formatRange(start_time, end_time)} · ${title}`}
      about={
        <>
          {[appointmentWord(status), owner, location].filter(Boolean).join(" · ")}
          {customer_id && may(organization, customers.get) && (
            <WithCustomer organization={organization.slug} customer={customer_id} />
          )}
        </>
      }
    >
      {mayChange && steps.length > 0 && (
        <Stack gap="xs" align="flex-end">
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="xs" variant="default" aria-label={`Change ${title}`} loading={change.isPending}>
                Change
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {mayMove && <Menu.Item onClick={() => onMove(appointment)}>Move to another time</Menu.Item>}
              {steps.map(([becomes, words]) => (
                <Menu.Item key={becomes} onClick={() => change.mutate(becomes)}>
                  {words}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          {change.error && <ProblemAlert error={change.error} />}
        </Stack>
      )}
    </Row>
  );
}

function WithCustomer({ organization, customer: id }: { organization: string; customer: string }) {
  const customer = useQuery(customerQuery({ organization, id }));
  if (!customer.data) return null;
  return (
    <>
      {" · with "}
      <AnchorLink to="/$organization/customers/$customer" params={{ organization, customer: id }} size="sm">
        {customer.data.name}
      </AnchorLink>
    </>
  );
}
