import { Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { call } from "../../lib/api.ts";
import { projects } from "../../lib/nouns.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { CustomerField } from "../CustomerField.tsx";

type Values = { name: string; customer_id: string | null; due_date: string; description: string };

/** Makes a project, and leads to its board. */
export function ClientProjectForm({ organization, customer }: { organization: string; customer: string | undefined }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const form = useForm<Values>({
    initialValues: { name: "", customer_id: customer ?? null, due_date: "", description: "" },
    validate: { name: isGiven },
  });
  const creation = useMutation({
    mutationFn: ({ name, due_date, ...values }: Values) =>
      call(projects.create, {
        params: { organization },
        body: { ...values, name: name.trim(), due_date: due_date || null },
      }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ["client projects", organization] });
      await navigate({ to: "/$organization/projects/$project", params: { organization, project: id }, search: {} });
    },
  });
  const { value, onChange, error } = form.getInputProps("customer_id");
  return (
    <FormShell form={form} mutation={creation} submitLabel="Create project">
      <TextInput label="Name" autoFocus maxLength={200} dir="auto" {...form.getInputProps("name")} />
      <CustomerField organization={organization} value={value} onChange={onChange} error={error} />
      <TextInput label="Due" type="date" maw={220} {...form.getInputProps("due_date")} />
      <Textarea
        label="What it is about"
        autosize
        minRows={3}
        maxRows={12}
        maxLength={20_000}
        dir="auto"
        {...form.getInputProps("description")}
      />
    </FormShell>
  );
}
