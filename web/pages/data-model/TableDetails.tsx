import { Alert, Badge, Code, Group, Text } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ModelDomain, ModelTable } from "../../../kernel/data-model/contract.ts";
import { AnchorLink } from "../../ui/links.tsx";
import { Grid, Part } from "../../ui/Part.tsx";
import { Section } from "../../ui/Section.tsx";
import { TableAccess } from "./TableAccess.tsx";

type Props = { domain: ModelDomain; table: ModelTable };

/** All that is known of a table. */
export function TableDetails({ domain, table }: Props) {
  const { name, kind, description, sensitivity, isSensitive, rowSecurity } = table;
  const badges = (
    <>
      <Badge variant="default" tt="none">
        {kind}
      </Badge>
      {sensitivity && (
        <Badge variant={isSensitive ? "filled" : "default"} color="red" tt="none">
          sensitivity {sensitivity}
        </Badge>
      )}
      {!kind.includes("view") && (
        <Badge variant="default" tt="none">
          row-level security {rowSecurity}
        </Badge>
      )}
    </>
  );
  return (
    <Section title={name} description={description} actions={badges}>
      {isSensitive && (
        <Alert color="red" title={`⚠ ${sensitivity === "critical" ? "Critical" : "Sensitive"}`}>
          What is kept here harms people when it gets out. Look at who may do what before anything reads it.
        </Alert>
      )}
      <Columns table={table} />
      <Indexes table={table} />
      <Constraints table={table} />
      <States table={table} />
      <TableAccess domain={domain} table={table} />
      <Triggers table={table} />
      <Partitions table={table} />
      {table.definition && (
        <Part title="Query">
          <Code block>{table.definition}</Code>
        </Part>
      )}
    </Section>
  );
}

function Columns({ table }: { table: ModelTable }) {
  return (
    <Part title={`Columns (${table.columns.length})`}>
      <Grid
        label={`Columns of ${table.name}`}
        heads={["Column", "Type", "Keys", "Null", "Default", "What it holds"]}
        rows={table.columns.map((column) => ({
          key: column.name,
          cells: [
            <strong key="name">{column.name}</strong>,
            <Code key="type">{column.type}</Code>,
            keysOf(table.keys[column.name] ?? []),
            column.nullable ? "yes" : "no",
            defaultOf(column),
            column.comment ?? "",
          ],
        }))}
      />
    </Part>
  );
}

const KEY_WORDS = { PK: "primary key", FK: "foreign key", UK: "unique" };

function keysOf(keys: (keyof typeof KEY_WORDS)[]): ReactNode {
  if (keys.length === 0) return "";
  return (
    <Text span inherit fw={600} style={{ whiteSpace: "nowrap" }} title={keys.map((key) => KEY_WORDS[key]).join(", ")}>
      {keys.join(" ")}
    </Text>
  );
}

function defaultOf({ default: value, identity, generated }: ModelTable["columns"][number]) {
  if (identity) return `a number, ${identity}`;
  if (value === null) return "";
  return (
    <>
      {generated && "made of: "}
      <Code>{value}</Code>
    </>
  );
}

function Indexes({ table: { name, indexes } }: { table: ModelTable }) {
  if (indexes.length === 0) return null;
  return (
    <Part title={`Indexes (${indexes.length})`}>
      <Grid
        label={`Indexes of ${name}`}
        heads={["Index", "On", "Purpose"]}
        rows={indexes.map((index) => ({
          key: index.name,
          cells: [
            index.name,
            <Code key="on">
              {index.unique && "unique "}
              {index.method} ({index.keys.join(", ")})
              {index.included.length > 0 && ` include (${index.included.join(", ")})`}
              {index.predicate && ` where ${index.predicate}`}
            </Code>,
            index.comment ?? (index.ofConstraint ? "Keeps its constraint" : ""),
          ],
        }))}
      />
    </Part>
  );
}

function Constraints({ table: { name, schema, constraints } }: { table: ModelTable }) {
  if (constraints.length === 0) return null;
  return (
    <Part title={`Constraints (${constraints.length})`}>
      <Grid
        label={`Constraints of ${name}`}
        heads={["Constraint", "Kind", "What it says"]}
        rows={constraints.map((constraint) => ({
          key: constraint.name,
          cells: [
            constraint.name,
            constraint.kind,
            <Group key="says" gap="xs">
              <Code>{constraint.definition}</Code>
              {constraint.references && <TableLink id={constraint.references.table} here={schema} />}
            </Group>,
          ],
        }))}
      />
    </Part>
  );
}

/** A link to the table of an id such as `labeling.tasks`; a quoted id holds what no table of ours is called. */
function TableLink({ id, here }: { id: string; here: string }) {
  const { q } = useSearch({ from: "/data-model" });
  const [table = "", domain = here] = id.split(".").reverse();
  return (
    <AnchorLink to="/data-model/$domain" params={{ domain }} search={{ q, table }} size="sm">
      {domain === here ? table : id}
    </AnchorLink>
  );
}

function States({ table: { name, states } }: { table: ModelTable }) {
  if (states.length === 0) return null;
  return (
    <Part title="Orders of states">
      {states.map(({ column, steps }) => (
        <Grid
          key={column}
          label={`States of ${name}.${column}`}
          heads={[column, "May become"]}
          rows={Object.entries(steps).map(([state, next]) => ({
            key: state,
            cells: [<Code key="state">{state}</Code>, next.length === 0 ? "nothing: it is final" : next.join(", ")],
          }))}
        />
      ))}
    </Part>
  );
}

function Triggers({ table: { name, triggers } }: { table: ModelTable }) {
  if (triggers.length === 0) return null;
  return (
    <Part title={`Triggers (${triggers.length})`}>
      <Grid
        label={`Triggers of ${name}`}
        heads={["Trigger", "When", "What it does"]}
        rows={triggers.map((trigger) => ({
          key: trigger.name,
          cells: [
            trigger.name,
            momentOf(trigger.definition),
            trigger.comment ?? trigger.functionComment ?? trigger.function,
          ],
        }))}
      />
    </Part>
  );
}

/** `CREATE TRIGGER touch BEFORE UPDATE ON …` happens before update. */
function momentOf(definition: string): string {
  return (/ (BEFORE|AFTER|INSTEAD OF) .+? ON /.exec(definition)?.[0] ?? "").replace(/ ON $/, "").trim().toLowerCase();
}

function Partitions({ table: { partitionKey, partitions } }: { table: ModelTable }) {
  if (!partitionKey) return null;
  return (
    <Part title={`Partitions (${partitions.length})`}>
      <Text size="sm">
        By <Code>{partitionKey}</Code>
      </Text>
      <details>
        <summary>All partitions</summary>
        <Grid
          label="Partitions"
          heads={["Partition", "Holds"]}
          rows={partitions.map(({ id, name, bounds }) => ({
            key: id,
            cells: [name, <Code key="holds">{bounds}</Code>],
          }))}
        />
      </details>
    </Part>
  );
}
