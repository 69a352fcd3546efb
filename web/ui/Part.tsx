import { ScrollArea, Stack, Table, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Part.module.css";

/** A part of a table's details. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

type GridProps = { label: string; heads: string[]; rows: { key: string; cells: ReactNode[] }[] };

/** Rows of cells. What is wider than the page scrolls by itself; on a phone each row becomes a list. */
export function Grid({ label, heads, rows }: GridProps) {
  return (
    <ScrollArea
      type="auto"
      className={classes.area}
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}
    >
      <Table className={classes.grid} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, cells }) => (
            <Table.Tr key={key}>
              {cells.map((cell, place) => (
                <Table.Td key={heads[place]} data-head={heads[place]}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
