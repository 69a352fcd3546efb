import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../lib/api.ts";
import { type Customer, membersQuery } from "../../lib/deal-queries.ts";
import { customers } from "../../lib/nouns.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

const SOURCES = ["website", "referral", "social", "email", "store", "import", "other"];
const FIELDS = ["name", "company", "email", "phone", "source", "assigned_to"] as const;
type Values = Record<(typeof FIELDS)[number], string>;

/** Makes a customer, or changes one that is still as it was when the form was opened. */
export function CustomerForm({ organization, customer }: { organization: string; customer?: Customer }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const members = useQuery(membersQuery(organization));
  const [known] = useState(customer);
  const form = useForm<Values>({
    initialValues: Object.fromEntries(FIELDS.map((name) => [name, known?.[name] ?? ""])) as Values,
    validate: { name: isGiven },
  });
  const saving = useMutation({
    mutationFn: (values: Values) => {
      const body = { ...emptyAsNull(values), name: values.name.trim() };
      if (!known) return call(customers.create, { params: { organization }, body });
      return call(
        customers.update,
        { params: { organization, id: known.id }, body },
        { ifMatch: `"${known.version}"` },
      );
    },
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ["customers", organization] });
      await navigate({ to: "/$organization/customers/$customer", params: { organization, customer: id } });
    },
  });
  return (
    <FormShell form={form} mutation={saving} submitLabel={known ? "Save customer" : "Create customer"}>
      <TextInput label="Name" autoFocus={!known} maxLength={200} dir="auto" {...form.getInputProps("name")} />
      <TextInput label="Company" maxLength={200} dir="auto" {...form.getInputProps("company")} />
      <Group grow align="start">
        <TextInput label="E-mail" type="email" maxLength={254} {...form.getInputProps("email")} />
        <TextInput label="Phone" type="tel" maxLength={50} {...form.getInputProps("phone")} />
      </Group>
      <Group grow align="start">
        <NativeSelect
          label="Came from"
          data={[{ value: "", label: "Not known" }, ...SOURCES]}
          {...form.getInputProps("source")}
        />
        <NativeSelect
          label="Looked after by"
          data={[
            { value: "", label: "Nobody yet" },
            ...(members.data ?? []).map(({ user_id, display_name }) => ({ value: user_id, label: display_name })),
          ]}
          {...form.getInputProps("assigned_to")}
        />
      </Group>
    </FormShell>
  );
}

function emptyAsNull(values: Values) {
  const given = Object.entries(values).map(([name, value]) => [name, value.trim() === "" ? null : value.trim()]);
  return Object.fromEntries(given) as { [Name in keyof Values]: string | null };
}
