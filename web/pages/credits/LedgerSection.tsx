import { Button, Group, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type LedgerEntry, ledgerQuery } from "../../lib/credit-queries.ts";
import { formatCredits, formatMoment } from "../../lib/format.ts";
import { Loading } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Section } from "../../ui/Section.tsx";
import { AmountRow } from "./AmountRow.tsx";
import classes from "./Credits.module.css";

const KINDS: Record<LedgerEntry["kind"], string> = {
  grant: "Credits added",
  charge: "Spent",
  refund: "Given back",
  expiry: "Expired",
  transfer: "Moved",
  adjustment: "Put right",
};

/** What moved on the accounts, the latest first. */
export function LedgerSection({ organization }: { organization: string }) {
  const ledger = useInfiniteQuery(ledgerQuery(organization));
  const items = ledger.data?.pages.flatMap((page) => page.items);
  const problem = ledger.error && (
    <ProblemAlert
      error={ledger.error}
      onRetry={() => (ledger.isFetchNextPageError ? ledger.fetchNextPage() : ledger.refetch())}
    />
  );
  return (
    <Section title="Ledger" description="Every movement of credits, newest first">
      {items?.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing has moved yet.
        </Text>
      )}
      {items && items.length > 0 && (
        <ul className={classes.rows} aria-label="Ledger">
          {items.map((entry) => (
            <AmountRow
              key={entry.id}
              title={KINDS[entry.kind]}
              about={aboutOf(entry)}
              amount={`${entry.amount > 0 ? "+" : ""}${formatCredits(entry.amount)}`}
              aboutAmount={`${formatCredits(entry.balance)} left`}
            />
          ))}
        </ul>
      )}
      {problem ?? (!items && <Loading />)}
      {ledger.hasNextPage && (
        <Group>
          <Button variant="default" onClick={() => ledger.fetchNextPage()} loading={ledger.isFetchingNextPage}>
            More
          </Button>
        </Group>
      )}
    </Section>
  );
}

function aboutOf({ created_at, name, note }: LedgerEntry): string {
  return [formatMoment(created_at), note, name && `by ${name}`].filter(Boolean).join(", ");
}
