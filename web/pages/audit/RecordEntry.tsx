import { Code, Group, Stack, Text } from "@mantine/core";
import type { AuditEntry } from "../../../modules/audit/contract.ts";
import { formatMoment } from "../../lib/format.ts";
import { AnchorLink } from "../../ui/links.tsx";
import { Changes } from "./Changes.tsx";
import classes from "./RecordEntry.module.css";

const ACTIONS = { insert: "added", update: "changed", delete: "removed" };

/** One change: who, when, what, and from which value to which. */
export function RecordEntry({ entry, organization }: { entry: AuditEntry; organization: string }) {
  const { actor, user_id, impersonator, action, created_at, operation, resource_type, resource_id, erased } = entry;
  const search = resource_id === null ? { resource_type } : { resource_type, resource_id };
  return (
    <li className={classes.entry}>
      <Stack gap={6}>
        <Group gap="xs" justify="space-between">
          <Text>
            <Actor name={actor} userId={user_id} organization={organization} />{" "}
            {impersonator && (
              <Text span dir="auto">
                (support: {impersonator}){" "}
              </Text>
            )}
            {ACTIONS[action]}{" "}
            <AnchorLink
              to="/$organization/record"
              params={{ organization }}
              search={search}
              title="Show only changes of this"
            >
              {resource_type}
            </AnchorLink>
          </Text>
          <Text size="sm" c="dimmed" component="time" dateTime={created_at} title={created_at}>
            {formatMoment(created_at)}
          </Text>
        </Group>
        {operation && (
          <Text size="sm" c="dimmed">
            by <Code>{operation}</Code>
          </Text>
        )}
        {erased.includes("values") && (
          <Text size="sm" c="dimmed">
            The values were erased.
          </Text>
        )}
        <Changes before={entry.old_values} after={entry.new_values} />
      </Stack>
    </li>
  );
}

function Actor({ name, userId, organization }: { name: string | null; userId: string | null; organization: string }) {
  if (userId === null)
    return (
      <Text span fw={600} dir="auto">
        {name ?? "The system"}
      </Text>
    );
  return (
    <AnchorLink
      to="/$organization/record"
      params={{ organization }}
      search={{ user_id: userId }}
      title="Show only what this person changed"
      fw={600}
      dir="auto"
    >
      {name ?? "Someone who is not a member"}
    </AnchorLink>
  );
}
