import { Button, Drawer, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { bookAppointment } from "../../../modules/calendar/contract.ts";
import { AppointmentForm } from "../../forms/calendar/AppointmentForm.tsx";
import { RescheduleForm } from "../../forms/calendar/RescheduleForm.tsx";
import { dayOf, laterBy, weekOf } from "../../lib/days.ts";
import { type Appointment, membersQuery } from "../../lib/deal-queries.ts";
import { appointments } from "../../lib/nouns.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { meQuery } from "../../lib/queries.ts";
import { formatShortDay } from "../../lib/time-of-day.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Page } from "../../ui/Page.tsx";
import { FeedSection } from "./FeedSection.tsx";
import { WeekList } from "./WeekList.tsx";

const WEEK_DAYS = 7;
const isOfAppointments = (table: string) => table === "calendar.appointments";

/** The appointments of a week, of everybody or one member. */
export function CalendarPage() {
  const organization = useOrganization();
  const { day = dayOf(new Date()), member, customer } = useSearch({ from: "/$organization/calendar" });
  useChanges(organization.slug, isOfAppointments, "appointments");
  if (!may(organization, appointments.list))
    return (
      <Page title="Calendar">
        <EmptyState title="Your roles don't include appointments">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return <Week key={customer} organization={organization} day={day} member={member} customer={customer} />;
}

type Shown = { organization: Organization; day: string; member: string | undefined; customer: string | undefined };

function Week({ organization, day, member, customer }: Shown) {
  const navigate = useNavigate();
  const mayBook = may(organization, bookAppointment);
  const [isBooking, setBooking] = useState(mayBook && customer !== undefined);
  const [moved, setMoved] = useState<Appointment>();
  const { data: me } = useSuspenseQuery(meQuery);
  const show = (search: { day?: string; member?: string | undefined }) =>
    navigate({
      to: "/$organization/calendar",
      params: { organization: organization.slug },
      search: { day, member, ...search },
    });
  const done = (on: string) => {
    setBooking(false);
    setMoved(undefined);
    return show({ day: on });
  };
  const days = weekOf(day);
  const actions = mayBook && <Button onClick={() => setBooking(true)}>New appointment</Button>;
  return (
    <Page title="Calendar" actions={actions}>
      <Stack gap="lg">
        <Chooser organization={organization} day={day} member={member} days={days} onShow={show} />
        <WeekList organization={organization} days={days} member={member} mayChange={mayBook} onMove={setMoved} />
        <FeedSection organization={organization.slug} />
      </Stack>
      <Side title="New appointment" isOpen={isBooking} onClose={() => setBooking(false)}>
        <AppointmentForm
          organization={organization.slug}
          day={day}
          member={member ?? me.user_id}
          customer={customer}
          onMade={done}
        />
      </Side>
      <Side title={moved?.title ?? ""} isOpen={moved !== undefined} onClose={() => setMoved(undefined)}>
        {moved && <RescheduleForm organization={organization.slug} appointment={moved} onMoved={done} />}
      </Side>
    </Page>
  );
}

type SideProps = { title: string; isOpen: boolean; onClose: () => void; children: React.ReactNode };

function Side({ title, isOpen, onClose, children }: SideProps) {
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      title={title}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {children}
    </Drawer>
  );
}

type ChooserProps = Omit<Shown, "customer"> & {
  days: string[];
  onShow: (search: { day?: string; member?: string | undefined }) => void;
};

function Chooser({ organization, day, member, days, onShow }: ChooserProps) {
  const members = useQuery(membersQuery(organization.slug));
  const [first = day] = days;
  const last = days.at(-1) ?? day;
  return (
    <Group align="end" justify="space-between" gap="sm">
      <Group gap="xs">
        <Button
          variant="default"
          aria-label="The week before"
          onClick={() => onShow({ day: laterBy(day, -WEEK_DAYS) })}
        >
          ←
        </Button>
        <Button variant="default" onClick={() => onShow({ day: dayOf(new Date()) })}>
          Today
        </Button>
        <Button variant="default" aria-label="The week after" onClick={() => onShow({ day: laterBy(day, WEEK_DAYS) })}>
          →
        </Button>
        <Text fw={600}>
          {formatShortDay(`${first}T12:00:00`)} – {formatShortDay(`${last}T12:00:00`)}
        </Text>
      </Group>
      <NativeSelect
        aria-label="Whose appointments"
        data={[
          { value: "", label: "Everybody" },
          ...(members.data ?? []).map(({ user_id, display_name }) => ({ value: user_id, label: display_name })),
        ]}
        value={member ?? ""}
        onChange={({ currentTarget }) => onShow({ member: currentTarget.value || undefined })}
      />
    </Group>
  );
}
