import { Stack, Text } from "@mantine/core";
import type { ImportResult } from "../../../modules/labeling/contract.ts";
import { formatCountOf } from "../../lib/format.ts";

/** The first texts of a file that can be imported. */
export function ImportPreview({ result }: { result: ImportResult }) {
  return (
    <Stack gap="xs">
      <Text role="status">{formatCountOf(result.rows, "row")}, no mistakes found. The first texts:</Text>
      <Stack component="ol" gap={4} pl="lg" m={0}>
        {result.preview.map((text, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order, and texts may be equal.
          <li key={index}>
            <Text size="sm" dir="auto" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
              {text}
            </Text>
          </li>
        ))}
      </Stack>
    </Stack>
  );
}
