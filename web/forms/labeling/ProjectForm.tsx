import { Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createProject } from "../../../modules/labeling/contract.ts";
import { call } from "../../lib/api.ts";
import { emptyRow, labelsFromRows } from "../../lib/label-rows.ts";
import { projectQuery, projectsQuery } from "../../lib/queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { LabelSetField } from "./LabelSetField.tsx";

type Props = { organization: string };

export function ProjectForm({ organization }: Props) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [rows, setRows] = useState(() => [emptyRow(), emptyRow()]);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "", instructions: "" },
    validate: { name: (name) => (name.trim() === "" ? "Give the project a name." : null) },
  });
  const creation = useMutation({
    mutationFn: (values: typeof form.values) =>
      call(createProject, { params: { organization }, body: { ...values, labels: labelsFromRows(rows) } }),
    onSuccess: (project) => {
      queryClient.setQueryData(projectQuery({ organization, project: project.id }).queryKey, project);
      queryClient.invalidateQueries({ queryKey: projectsQuery(organization).queryKey });
      return navigate({ to: "/$organization/labeling/$project", params: { organization, project: project.id } });
    },
  });
  return (
    <FormShell form={form} mutation={creation} submitLabel="Create project">
      <TextInput
        label="Name"
        required
        withAsterisk={false}
        maxLength={200}
        dir="auto"
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
      <Textarea
        label="Instructions"
        description="What labelers should know: what each label means, and what to do in doubt."
        autosize
        minRows={3}
        maxRows={12}
        maxLength={20_000}
        dir="auto"
        key={form.key("instructions")}
        {...form.getInputProps("instructions")}
      />
      <LabelSetField rows={rows} onChange={setRows} errors={form.errors} />
    </FormShell>
  );
}
