import { NativeSelect, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { duplicateSession, type Session, startSession } from "../../../modules/studio/contract.ts";
import { call } from "../../lib/api.ts";
import { sessionsKey, sessionsQuery } from "../../lib/studio-queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { organization: string; onMade: (session: Session) => void };

/** Begins a session, empty or from a template. */
export function NewSessionForm({ organization, onMade }: Props) {
  const queryClient = useQueryClient();
  const templates = useQuery(sessionsQuery(organization, { which: "templates" }));
  const form = useForm({
    initialValues: { title: "", client_name: "", template: "" },
    validate: { title: (title) => (title.trim() === "" ? "Give it a title." : null) },
  });
  const making = useMutation({
    mutationFn: ({ title, client_name, template }: typeof form.values) => {
      const body = { title, client_name: client_name.trim() || null };
      return template === ""
        ? call(startSession, { params: { organization }, body })
        : call(duplicateSession, { params: { organization, session: template }, body });
    },
    onSuccess: (session) => {
      queryClient.invalidateQueries({ queryKey: sessionsKey(organization) });
      onMade(session);
    },
  });
  const choices = (templates.data ?? []).map(({ id, title }) => ({ value: id, label: title }));
  return (
    <FormShell form={form} mutation={making} submitLabel="Begin the session">
      <TextInput label="Title" maxLength={300} dir="auto" {...form.getInputProps("title")} />
      <TextInput label="Customer" maxLength={200} dir="auto" {...form.getInputProps("client_name")} />
      {choices.length > 0 && (
        <NativeSelect
          label="Template"
          data={[{ value: "", label: "None: begin empty" }, ...choices]}
          {...form.getInputProps("template")}
        />
      )}
    </FormShell>
  );
}
