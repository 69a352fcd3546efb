import { MultiSelect, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { changeSession, type Session } from "../../../modules/studio/contract.ts";
import { call } from "../../lib/api.ts";
import { type SessionPlace, sessionKey, sessionsKey } from "../../lib/studio-queries.ts";
import { tagsQuery } from "../../lib/tag-queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { place: SessionPlace; session: Session; onDone: () => void };

/** Changes what a session is called, for whom it is, and its tags; whose it is makes it a template. */
export function SessionForm({ place, session, onDone }: Props) {
  const queryClient = useQueryClient();
  const tags = useQuery(tagsQuery(place.organization));
  const form = useForm({
    initialValues: {
      title: session.title,
      client_name: session.client_name ?? "",
      tags: session.tags.map(({ id }) => id),
      is_template: session.is_template,
    },
    validate: { title: (title) => (title.trim() === "" ? "Give it a title." : null) },
  });
  const changing = useMutation({
    mutationFn: ({ client_name, is_template, ...values }: typeof form.values) =>
      call(changeSession, {
        params: place,
        body: {
          ...values,
          client_name: client_name.trim() || null,
          ...(is_template !== session.is_template && { is_template }),
        },
      }),
    onSuccess: (changed) => {
      queryClient.setQueryData([...sessionKey(place.session), "session"], changed);
      queryClient.invalidateQueries({ queryKey: sessionsKey(place.organization) });
      onDone();
    },
  });
  const known = new Map([...session.tags, ...(tags.data ?? [])].map(({ id, name }) => [id, name]));
  return (
    <FormShell form={form} mutation={changing} submitLabel="Save">
      <TextInput label="Title" maxLength={300} dir="auto" {...form.getInputProps("title")} />
      <TextInput label="Customer" maxLength={200} dir="auto" {...form.getInputProps("client_name")} />
      <MultiSelect
        label="Tags"
        searchable
        clearable={false}
        data={[...known].map(([value, label]) => ({ value, label }))}
        {...form.getInputProps("tags")}
      />
      {session.access === "own" && (
        <Switch
          label="Template"
          description="Everybody who works in the studio sees it and makes sessions of it."
          {...form.getInputProps("is_template", { type: "checkbox" })}
        />
      )}
    </FormShell>
  );
}
