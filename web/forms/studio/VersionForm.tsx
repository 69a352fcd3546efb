import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { nameVersion } from "../../../modules/studio/documents-contract.ts";
import { call } from "../../lib/api.ts";
import { type SessionPlace, sessionKey } from "../../lib/studio-queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";

/** Keeps what was saved last as a version with a name. */
export function VersionForm({ place }: { place: SessionPlace }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (name.trim() === "" ? "Give it a name." : null) },
  });
  const naming = useMutation({
    mutationFn: (body: typeof form.values) => call(nameVersion, { params: place, body }),
    onSuccess: () => form.reset(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionKey(place.session) }),
  });
  return (
    <FormShell form={form} mutation={naming} submitLabel="Keep this version">
      <TextInput
        label="Keep what it says now as"
        placeholder="As shown to the customer"
        maxLength={200}
        dir="auto"
        {...form.getInputProps("name")}
      />
    </FormShell>
  );
}
