import { Code, Group, Stack, Text } from "@mantine/core";
import type { AuditEntry } from "../../../modules/audit/contract.ts";
import { formatMoment } from "../../lib/format.ts";
import { AnchorLink } from "../../ui/links.tsx";
import { Changes } from "./Changes.tsx";
import classes from "./RecordEntry.module.css";

const ACTIONS = { insert: "added", update: "changed", delete: "removed" };

/** One change: who, when, what, and from which value to which. */
export function RecordEntry({ entry, organization }: { entry: AuditEntry; organization: string }) {
  const { actor, action, created_at, operation, resource_type, resource_id } = entry;
  const search = resource_id === null ? { resource_type } : { resource_type, resource_id };
  return (
    <li className={classes.entry}>
      <Stack gap={6}>
        <Group gap="xs" justify="space-between">
          <Text>
            <Text span fw={600} dir="auto">
              {actor ?? "The system"}
            </Text>{" "}
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
        <Changes before={entry.old_values} after={entry.new_values} />
      </Stack>
    </li>
  );
}
