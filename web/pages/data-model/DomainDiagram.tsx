import { Alert, Button, Group, SegmentedControl, Stack, Text, useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ModelDomain } from "../../../kernel/data-model/contract.ts";
import { onlyKeys } from "../../lib/diagram-text.ts";
import { formatCountOf } from "../../lib/format.ts";
import { drawingQuery } from "../../lib/queries.ts";
import classes from "./Diagram.module.css";
import { DiagramView } from "./DiagramView.tsx";

type Props = { domain: ModelDomain; chosen: string | undefined; onChoose: (table: string) => void };

const COLUMNS = [
  { value: "keys", label: "Keys" },
  { value: "all", label: "All columns" },
];

/** The diagram of a domain. Where it cannot be drawn, the rest of the page goes on without it. */
export function DomainDiagram({ domain: { title, tables, diagrams }, chosen, onChoose }: Props) {
  const [columns, setColumns] = useState("keys");
  const [part, setPart] = useState(0);
  const whole = diagrams[part] ?? "";
  const text = columns === "keys" ? onlyKeys(whole) : whole;
  const scheme = useComputedColorScheme("light");
  const drawing = useQuery(drawingQuery(text, scheme));
  const label = `Diagram of ${title}: ${formatCountOf(tables.length, "table")}`;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <SegmentedControl size="xs" aria-label="Columns shown" data={COLUMNS} value={columns} onChange={setColumns} />
        {diagrams.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Part of the diagram"
            data={diagrams.map((_, index) => ({ value: String(index), label: `Part ${index + 1}` }))}
            value={String(part)}
            onChange={(value) => setPart(Number(value))}
          />
        )}
      </Group>
      {drawing.error && <Undrawn error={drawing.error} onRetry={() => drawing.refetch()} />}
      {drawing.data !== undefined && (
        <DiagramView key={text} svg={drawing.data} label={label} chosen={chosen} onChoose={onChoose} />
      )}
      {drawing.isFetching && drawing.data === undefined && (
        <div className={classes.frame} aria-busy="true">
          <Text component="output" c="dimmed" className={classes.waiting}>
            Drawing the diagram…
          </Text>
        </div>
      )}
    </Stack>
  );
}

function Undrawn({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Alert color="red" role="alert" title="The diagram can't be drawn">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {error.message} The tables below are complete without it.
        </Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}
