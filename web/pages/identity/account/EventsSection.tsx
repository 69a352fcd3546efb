import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { eventsQuery } from "../../../lib/account-queries.ts";
import { nameDevice } from "../../../lib/device.ts";
import { formatMoment } from "../../../lib/format.ts";
import { Loaded } from "../../../ui/Loaded.tsx";
import { Row, Rows } from "../../../ui/Row.tsx";
import { Section } from "../../../ui/Section.tsx";
import { wordsOfEvent } from "./event-words.ts";

/** What happened to the account, newest first. */
export function EventsSection() {
  const events = useInfiniteQuery(eventsQuery);
  return (
    <Section title="What happened lately">
      <Loaded query={events}>
        {({ pages }) => (
          <Rows label="Events">
            {pages
              .flatMap(({ items }) => items)
              .map(({ id, created_at, address, device, ...event }) => (
                <Row
                  key={id}
                  title={wordsOfEvent(event)}
                  hint={device ?? undefined}
                  about={[formatMoment(created_at), device && nameDevice(device), address].filter(Boolean).join(", ")}
                />
              ))}
          </Rows>
        )}
      </Loaded>
      {events.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          onClick={() => events.fetchNextPage()}
          loading={events.isFetchingNextPage}
          style={{ alignSelf: "start" }}
        >
          Show older ones
        </Button>
      )}
    </Section>
  );
}
