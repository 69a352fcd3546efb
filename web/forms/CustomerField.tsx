import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { customerChoicesQuery, customerQuery } from "../lib/deal-queries.ts";

const REST_MS = 200;

type Props = {
  organization: string;
  value: string | null;
  onChange: (customer: string | null) => void;
  error?: React.ReactNode;
};

/** Chooses a customer out of however many, by words. */
export function CustomerField({ organization, value, onChange, error }: Props) {
  const [words, setWords] = useState("");
  const [rested] = useDebouncedValue(words, REST_MS);
  const chosen = useQuery({ ...customerQuery({ organization, id: value ?? "" }), enabled: value !== null });
  const isName = rested === labelOf(chosen.data);
  const found = useQuery(customerChoicesQuery(organization, isName ? "" : rested.trim()));
  const options = [...(chosen.data ? [chosen.data] : []), ...(found.data ?? []).filter(({ id }) => id !== value)];
  return (
    <Select
      label="Customer"
      placeholder="None"
      searchable
      clearable
      clearButtonProps={{ "aria-label": "No customer" }}
      nothingFoundMessage="No such customer"
      data={options.map((one) => ({ value: one.id, label: labelOf(one) }))}
      // The server has searched.
      filter={({ options: all }) => all}
      value={value}
      onChange={onChange}
      searchValue={words}
      onSearchChange={setWords}
      error={error}
    />
  );
}

function labelOf(customer: { name: string; company: string | null } | undefined): string {
  if (!customer) return "";
  const { name, company } = customer;
  return company && company !== name ? `${name}, ${company}` : name;
}
