import { Alert, ScrollArea, Stack, Table } from "@mantine/core";
import type { ImportResult } from "../../../modules/labeling/contract.ts";
import { formatCount, formatCountOf } from "../../lib/format.ts";

const TABLE_HEIGHT_PX = 320;

/** The rows that keep a file from being imported, with where they begin and what is wrong with them. */
export function ImportErrors({ result: { errors, errors_total, rows } }: { result: ImportResult }) {
  const hidden = errors_total - errors.length;
  return (
    <Stack gap="sm">
      <Alert
        color="red"
        role="alert"
        title={`${formatCountOf(errors_total, "mistake")} in ${formatCountOf(rows, "row")}`}
      >
        Nothing was imported: a file goes in whole or not at all. Mend these rows, then choose the file again.
      </Alert>
      <ScrollArea.Autosize
        mah={TABLE_HEIGHT_PX}
        type="auto"
        viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Bad rows" }}
      >
        <Table stickyHeader withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={72}>Line</Table.Th>
              <Table.Th>Column</Table.Th>
              <Table.Th>Reason</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {errors.map(({ line, column, reason }) => (
              <Table.Tr key={`${line} ${column} ${reason}`}>
                <Table.Td>{formatCount(line)}</Table.Td>
                <Table.Td dir="auto">{column ?? "–"}</Table.Td>
                <Table.Td dir="auto" style={{ overflowWrap: "anywhere" }}>
                  {reason}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          {hidden > 0 && <Table.Caption>… and {formatCount(hidden)} more</Table.Caption>}
        </Table>
      </ScrollArea.Autosize>
    </Stack>
  );
}
