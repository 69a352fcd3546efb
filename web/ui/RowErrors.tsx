import { ScrollArea, Table } from "@mantine/core";
import { formatCount } from "../lib/format.ts";

const TABLE_HEIGHT_PX = 320;
const NOTHING = "–";

type RowError = { line: number | null; column: string | null; row?: string | null; reason: string };

type Props = { label: string; errors: readonly RowError[]; total: number };

/** What is wrong with rows of a file: where each begins, its column, and the reason. */
export function RowErrors({ label, errors, total }: Props) {
  const hidden = total - errors.length;
  const hasKeys = errors.some(({ row = null }) => row !== null);
  return (
    <ScrollArea.Autosize
      mah={TABLE_HEIGHT_PX}
      type="auto"
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}
    >
      <Table stickyHeader withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={72}>Line</Table.Th>
            <Table.Th>Column</Table.Th>
            {hasKeys && <Table.Th>Row</Table.Th>}
            <Table.Th>Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {errors.map(({ line, column, row = null, reason }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order, and errors may be equal.
            <Table.Tr key={place}>
              <Table.Td>{line === null ? NOTHING : formatCount(line)}</Table.Td>
              <Table.Td dir="auto">{column ?? NOTHING}</Table.Td>
              {hasKeys && <Table.Td style={{ overflowWrap: "anywhere" }}>{row ?? NOTHING}</Table.Td>}
              <Table.Td dir="auto" style={{ overflowWrap: "anywhere" }}>
                {reason}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        {hidden > 0 && <Table.Caption>… and {formatCount(hidden)} more</Table.Caption>}
      </Table>
    </ScrollArea.Autosize>
  );
}
