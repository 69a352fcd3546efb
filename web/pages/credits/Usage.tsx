import { Stack, Text, Title } from "@mantine/core";
import type { Usage } from "../../lib/credit-queries.ts";
import { formatBytes, formatCount, formatCountOf, formatCreditsOf } from "../../lib/format.ts";
import { AmountRow } from "./AmountRow.tsx";
import classes from "./Credits.module.css";
import { Meter } from "./Meter.tsx";

const NAMES: Record<string, string> = {
  ai_tokens: "AI tokens",
  api_calls: "API calls",
  storage: "Storage",
  seats: "Seats",
  exports: "Exports",
  labels: "Labels",
  tasks: "Tasks",
};

/** What was used of each resource, against its limit where it has one. */
export function ResourceUsage({ usage: { resources } }: { usage: Usage }) {
  return (
    <ul className={classes.resources} aria-label="Usage by resource">
      {resources.map(({ resource, unit, description, used, limit, credits }) => (
        <Stack key={resource} component="li" gap={4}>
          <Title order={3} size="h5">
            {nameOf(resource)}
          </Title>
          {limit === null ? (
            <Text size="sm">{formatUsed(used, unit)}, no limit</Text>
          ) : (
            <Meter
              label={nameOf(resource)}
              used={used}
              limit={limit}
              amounts={`${unit === "byte" ? formatBytes(used) : formatCount(used)} of ${formatUsed(limit, unit)}`}
            />
          )}
          <Text size="sm" c="dimmed">
            {description}
            {credits > 0 && `; cost ${formatCreditsOf(credits)}`}
          </Text>
        </Stack>
      ))}
    </ul>
  );
}

/** Who used most of what. */
export function MemberUsage({ usage: { members, resources } }: { usage: Usage }) {
  if (members.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nobody has used anything this month.
      </Text>
    );
  const units = new Map(resources.map(({ resource, unit }) => [resource, unit]));
  return (
    <ul className={classes.rows} aria-label="Usage by member">
      {members.map(({ user_id, name, resource, used, credits }) => (
        <AmountRow
          key={`${user_id} ${resource}`}
          title={name}
          about={nameOf(resource)}
          amount={formatUsed(used, units.get(resource) ?? "")}
          aboutAmount={credits > 0 && formatCreditsOf(credits)}
        />
      ))}
    </ul>
  );
}

function nameOf(resource: string): string {
  return NAMES[resource] ?? resource;
}

function formatUsed(amount: number, unit: string): string {
  return unit === "byte" ? formatBytes(amount) : formatCountOf(amount, unit);
}
