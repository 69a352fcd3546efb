import { ScrollArea, Table } from "@mantine/core";
import type { DryRun } from "../../../modules/imports/contract.ts";
import { formatCount } from "../../lib/format.ts";
import { wordsOf } from "../../lib/import-wish.ts";

const CELL_WIDTH_PX = 320;

/** The first rows as they would be, with what becomes of each. */
export function Preview({ found: { preview } }: { found: DryRun }) {
  const names = [...new Set(preview.flatMap(({ values }) => Object.keys(values)))];
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "First rows" }}>
      <Table withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Line</Table.Th>
            <Table.Th>Is</Table.Th>
            {names.map((name) => (
              <Table.Th key={name}>{wordsOf(name)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.map(({ line, action, values }) => (
            <Table.Tr key={line}>
              <Table.Td>{formatCount(line)}</Table.Td>
              <Table.Td>{action === "create" ? "new" : "changed"}</Table.Td>
              {names.map((name) => (
                <Table.Td key={name} dir="auto" maw={CELL_WIDTH_PX} style={{ overflowWrap: "anywhere" }}>
                  {values[name]}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
