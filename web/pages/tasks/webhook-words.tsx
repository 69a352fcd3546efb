import type { Webhook } from "../../lib/webhook-queries.ts";
import { Ago } from "../../ui/Ago.tsx";

/** How it goes with a webhook, in a line. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { status, paused_because: because, failing_since, delivered_at, events } = webhook;
  if (status === "paused") return <>{PAUSED[because ?? "asked"]}</>;
  if (failing_since)
    return (
      <>
        Failing since <Ago at={failing_since} />
      </>
    );
  if (delivered_at)
    return (
      <>
        Last told <Ago at={delivered_at} />
      </>
    );
  return <>{events.length === 0 ? "Executes tasks" : "Nothing told so far"}</>;
}

const PAUSED = {
  asked: "Paused",
  failing: "Paused: it failed for three days",
  gone: "Paused: it answered that it is gone for good",
};
