import { Alert, Badge, Stack, Text, Title } from "@mantine/core";
import type { CreditAccount } from "../../lib/credit-queries.ts";
import { formatCredits, formatCreditsOf, formatDay } from "../../lib/format.ts";
import { Section } from "../../ui/Section.tsx";
import { AmountRow } from "./AmountRow.tsx";
import classes from "./Credits.module.css";
import { Meter } from "./Meter.tsx";

const SOURCES: Record<string, string> = {
  welcome: "Welcome",
  plan: "Plan",
  purchase: "Bought",
  promotion: "Promotion",
  refund: "Given back",
  transfer: "From another account",
  adjustment: "Put right",
};

/** An account of credits: what is on it, the month against its limit, and what is left of which credits. */
export function AccountSection({ account, title }: { account: CreditAccount; title: string }) {
  const { balance, held, free, status, overdraft_limit, lots } = account;
  const isLow = status === "active" && balance - held < account.low_balance;
  const mark = status !== "active" && (
    <Badge variant="default" radius="sm">
      {status === "frozen" ? "Frozen" : "Closed"}
    </Badge>
  );
  return (
    <Section title={title} actions={mark}>
      {isLow && (
        <Alert color="yellow" title="Few credits are left">
          <Text size="sm">Work that needs more waits until credits come.</Text>
        </Alert>
      )}
      <dl className={classes.figures}>
        <Figure name="Balance" value={balance} />
        <Figure name="Held for running work" value={held} />
        <Figure name="Free to use" value={free} />
        {overdraft_limit > 0 && <Figure name="Overdraft" value={overdraft_limit} />}
      </dl>
      <Stack gap={4}>
        <Title order={3} size="h5">
          Spent this month
        </Title>
        <Meter
          label={`${title}, spent this month`}
          used={account.used_this_month}
          limit={account.monthly_limit}
          amounts={`${formatCredits(account.used_this_month)} of ${formatCreditsOf(account.monthly_limit)}`}
        />
        <Text size="sm" c="dimmed">
          The month ends on {formatDay(account.month_ends_at)}.
          {account.member_daily_limit !== null &&
            ` Each member may spend ${formatCreditsOf(account.member_daily_limit)} a day.`}
        </Text>
      </Stack>
      <Limits account={account} />
      <Stack gap={0}>
        <Title order={3} size="h5">
          Credits in the order in which they are used
        </Title>
        {lots.length === 0 ? (
          <Text size="sm" c="dimmed">
            None are left.
          </Text>
        ) : (
          <ul className={classes.rows} aria-label={`${title}, in the order in which they are used`}>
            {lots.map(({ id, source, note, created_at, expires_at, granted, remaining }) => (
              <AmountRow
                key={id}
                title={note || SOURCES[source] || source}
                about={`Since ${formatDay(created_at)}, ${expires_at ? `expires on ${formatDay(expires_at)}` : "never expires"}`}
                amount={formatCredits(remaining)}
                aboutAmount={`of ${formatCredits(granted)}`}
              />
            ))}
          </ul>
        )}
      </Stack>
    </Section>
  );
}

function Limits({ account: { member_limits } }: { account: CreditAccount }) {
  if (member_limits.length === 0) return null;
  return (
    <Stack gap={0}>
      <Title order={3} size="h5">
        Limits of members
      </Title>
      <ul className={classes.rows} aria-label="Limits of members">
        {member_limits.map(({ user_id, name, daily_limit }) => (
          <AmountRow key={user_id} title={name} about="a day" amount={formatCredits(daily_limit)} />
        ))}
      </ul>
    </Stack>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{formatCredits(value)}</dd>
    </div>
  );
}
