import { NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { DryRun } from "../../../modules/imports/contract.ts";
import {
  type Column,
  columnsOf,
  type Source,
  sourceOf,
  type Wish,
  withSource,
  wordsOf,
} from "../../lib/import-wish.ts";
import { Grid } from "../../ui/Part.tsx";
import { Section } from "../../ui/Section.tsx";

/** Sets what comes from a column of the file apart from what does not. */
const FROM_FILE = "file:";

type Props = { wish: Wish; found: DryRun; isBusy: boolean; onLook: (wish: Wish) => void };

/** Where the values of each column come from. */
export function MappingTable({ wish, found, isBusy, onLook }: Props) {
  const rows = columnsOf(wish).map((column) => ({
    key: column.name,
    cells: [
      <About key="about" column={column} />,
      <From key="from" column={column} wish={wish} found={found} isBusy={isBusy} onLook={onLook} />,
    ],
  }));
  const description =
    found.unused.length > 0
      ? `Not taken in from the file: ${found.unused.join(", ")}`
      : "Every column of the file is taken in.";
  return (
    <Section title="Columns" description={found.columns.length > 0 && description}>
      <Grid label="Columns" heads={["Column", "Comes from"]} rows={rows} />
    </Section>
  );
}

function About({ column: { name, about, is_required } }: { column: Column }) {
  return (
    <Stack gap={0}>
      <Text size="sm" fw={600}>
        {wordsOf(name)}
        {is_required && (
          <Text span size="sm" fw={400}>
            , needed
          </Text>
        )}
      </Text>
      <Text size="xs" c="dimmed">
        {about}
      </Text>
    </Stack>
  );
}

/** The source of a column, and its value where all rows have the same. */
function From({ column, wish, found, isBusy, onLook }: Props & { column: Column }) {
  const source = sourceOf(wish, found, column.name);
  const faultOf = (field: string) => found.faults.find((one) => one.field === `${field}.${column.name}`)?.message;
  const options = [
    { value: "nowhere", label: column.is_required ? "Choose" : "Left out" },
    {
      group: "Column of the file",
      items: found.columns.map((name) => ({ value: `${FROM_FILE}${name}`, label: name })),
    },
    {
      group: "Other",
      items: [
        { value: "constant", label: "The same in every row" },
        { value: "line", label: "The line of the row" },
      ],
    },
  ];
  const value = source.kind === "file" ? `${FROM_FILE}${source.column}` : source.kind;
  return (
    <Stack gap={4}>
      <NativeSelect
        size="xs"
        aria-label={`${wordsOf(column.name)} comes from`}
        data={options}
        value={value}
        disabled={isBusy}
        error={faultOf("mapping")}
        onChange={({ currentTarget }) => onLook(withSource(wish, found, column, sourceAt(currentTarget.value)))}
      />
      {source.kind === "constant" && (
        <Constant
          column={column}
          value={wish.constants[column.name] ?? ""}
          error={faultOf("constants")}
          isBusy={isBusy}
          onGive={(text) => onLook({ ...wish, constants: { ...wish.constants, [column.name]: text } })}
        />
      )}
    </Stack>
  );
}

function sourceAt(value: string): Source {
  if (value.startsWith(FROM_FILE)) return { kind: "file", column: value.slice(FROM_FILE.length) };
  return { kind: value as "nowhere" | "constant" | "line" };
}

type ConstantProps = {
  column: Column;
  value: string;
  error: string | undefined;
  isBusy: boolean;
  onGive: (text: string) => void;
};

/** A value that all rows have. What is typed counts once one leaves the field or presses Enter. */
function Constant({ column, value, error, isBusy, onGive }: ConstantProps) {
  const [text, setText] = useState(value);
  const label = `${wordsOf(column.name)} in every row`;
  const values = column.values ?? (column.kind === "boolean" ? ["true", "false"] : undefined);
  if (values)
    return (
      <NativeSelect
        size="xs"
        aria-label={label}
        data={values}
        value={value}
        disabled={isBusy}
        error={error}
        onChange={({ currentTarget }) => onGive(currentTarget.value)}
      />
    );
  const give = () => {
    if (text !== value) onGive(text);
  };
  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={column.references ? `An id of ${column.references}` : "Its value"}
      dir="auto"
      value={text}
      disabled={isBusy}
      error={error}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={give}
      onKeyDown={({ key }) => key === "Enter" && give()}
    />
  );
}
