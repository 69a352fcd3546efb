import { Code, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { formatDuration } from "../../lib/format.ts";
import { type DeliveryPlace, deliveryQuery, type OneDelivery } from "../../lib/webhook-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Json } from "./Json.tsx";
import classes from "./Tasks.module.css";

/** Every call of a delivery, the latest first, and the message that is sent. */
export function DeliveryCalls({ place }: { place: DeliveryPlace }) {
  const delivery = useQuery(deliveryQuery(place));
  return (
    <Stack gap="sm">
      <Loaded query={delivery}>
        {({ calls, message }) => (
          <>
            <Calls calls={calls} />
            <details className={classes.log} aria-label="Message">
              <summary>Message</summary>
              <Json value={message} label="Message" nothing="It was erased from the record." />
            </details>
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function Calls({ calls }: Pick<OneDelivery, "calls">) {
  if (calls.length === 0)
    return (
      <Text size="sm" c="dimmed">
        It has not been called yet.
      </Text>
    );
  return (
    <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: "none" }} aria-label="Calls">
      {calls.toReversed().map(({ attempted_at, status_code, duration_ms, message }) => (
        <Stack component="li" gap={4} key={attempted_at}>
          <Text size="sm">
            {status_code === null ? "No answer" : `Answered ${status_code}`} after {formatDuration(duration_ms)} ·{" "}
            <Ago at={attempted_at} />
          </Text>
          {message && (
            <Code block dir="auto" className={classes.code ?? ""}>
              {message}
            </Code>
          )}
        </Stack>
      ))}
    </Stack>
  );
}
