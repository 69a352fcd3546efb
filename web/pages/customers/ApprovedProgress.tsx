import { Progress, Stack, Text } from "@mantine/core";
import type { CustomerProject } from "../../../modules/labeling/customer-contract.ts";
import { formatCount, formatCountOf } from "../../lib/format.ts";

/** How many of a project's texts have their approved labels. */
export function ApprovedProgress({ project: { name, total, approved } }: { project: CustomerProject }) {
  return (
    <Stack gap={4}>
      <Progress.Root size="lg">
        <Progress.Section
          value={total === 0 ? 0 : (100 * approved) / total}
          color="teal.8"
          aria-label={`Approved in ${name}`}
          aria-valuetext={`${approved} of ${total}`}
        />
      </Progress.Root>
      <Text size="sm">
        {total === 0 ? "No texts yet" : `${formatCount(approved)} of ${formatCountOf(total, "text")} approved`}
      </Text>
    </Stack>
  );
}
