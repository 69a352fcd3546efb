import { Group, NumberInput, Select } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { setTerms, type Terms } from "../../../modules/labeling/terms-contract.ts";
import { call } from "../../lib/api.ts";
import { customerChoicesQuery } from "../../lib/customers.ts";
import { termsQuery } from "../../lib/labeling-queries.ts";
import { digitsOf, fromMinorUnits, toMinorUnits } from "../../lib/money.ts";
import type { ProjectPlace } from "../../lib/queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { Told } from "../../ui/Told.tsx";

const SEARCH_AFTER_MS = 200;

type Values = { customer_id: string | null; label_price: number | "" };

/** For which customer a project is, and what they pay for a label that is approved from now on. */
export function TermsForm({ place, terms }: { place: ProjectPlace; terms: Terms }) {
  const queryClient = useQueryClient();
  const { customer, label_price, currency } = terms;
  const form = useForm<Values>({
    mode: "uncontrolled",
    initialValues: {
      customer_id: customer?.id ?? null,
      label_price: label_price === null ? "" : fromMinorUnits(label_price, currency),
    },
  });
  const saving = useMutation({
    mutationFn: ({ customer_id, label_price: price }: Values) =>
      call(setTerms, {
        params: place,
        body: { customer_id, label_price: price === "" ? null : toMinorUnits(price, currency) },
      }),
    onSuccess: (saved) => queryClient.setQueryData(termsQuery(place).queryKey, saved),
  });
  return (
    <FormShell form={form} mutation={saving} submitLabel="Save">
      <Group gap="md" align="flex-start">
        <CustomerSelect
          organization={place.organization}
          chosen={customer}
          key={form.key("customer_id")}
          {...form.getInputProps("customer_id")}
        />
        <NumberInput
          label="Price of an approved label"
          description={`In ${currency}; without one nothing is billed`}
          min={0}
          decimalScale={digitsOf(currency)}
          suffix={` ${currency}`}
          hideControls
          allowNegative={false}
          key={form.key("label_price")}
          {...form.getInputProps("label_price")}
        />
      </Group>
      {saving.isSuccess && <Told title="Saved">It holds for what is approved from now on.</Told>}
    </FormShell>
  );
}

type SelectProps = {
  organization: string;
  chosen: Terms["customer"];
  defaultValue?: string | null;
  onChange?: (value: string | null) => void;
  error?: React.ReactNode;
};

/** Chooses a customer by part of the name. */
function CustomerSelect({ organization, chosen, ...input }: SelectProps) {
  const [words, setWords] = useState("");
  const [searched] = useDebouncedValue(words === chosen?.name ? "" : words, SEARCH_AFTER_MS);
  const { data: found = [], isFetching } = useQuery({
    ...customerChoicesQuery(organization, searched),
    placeholderData: (before) => before,
  });
  const choices = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select
      label="Customer"
      description="Their people see its progress and approved labels"
      placeholder="Nobody"
      searchable
      clearable
      nothingFoundMessage={isFetching ? "Looking…" : "No such customer"}
      data={choices.map(({ id, name }) => ({ value: id, label: name }))}
      filter={({ options }) => options}
      onSearchChange={setWords}
      flex="1 1 260px"
      maw={420}
      {...input}
    />
  );
}
