import { TagsInput, TextInput } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeWebhookEndpoint, createWebhookEndpoint } from "../../../modules/tasks/webhooks-contract.ts";
import { call } from "../../lib/api.ts";
import { type Webhook, type WebhookPlace, webhooksKey } from "../../lib/webhook-queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";

const TIMEOUT_SECONDS = 10;
const EXAMPLES = ["*", "crm.*", "crm.customers.insert", "labeling.*", "tasks.*"];

type Values = Pick<Webhook, "name" | "url" | "events">;
type NewProps = { organization: string; onMade: (made: { id: string; secret: string }) => void };
type ChangeProps = { place: WebhookPlace; webhook: Webhook; onDone: () => void };

/** Makes a webhook. Its secret is told once, to whoever made it. */
export function NewWebhookForm({ organization, onMade }: NewProps) {
  const queryClient = useQueryClient();
  const form = useWebhookForm({ name: "", url: "", events: [] });
  const creation = useMutation({
    mutationFn: (values: Values) =>
      call(createWebhookEndpoint, { params: { organization }, body: { ...values, timeout_seconds: TIMEOUT_SECONDS } }),
    onSuccess: (made) => {
      form.reset();
      queryClient.invalidateQueries({ queryKey: webhooksKey(organization) });
      onMade(made);
    },
  });
  return (
    <FormShell form={form} mutation={creation} submitLabel="Create webhook">
      <Fields form={form} />
    </FormShell>
  );
}

/** Changes a webhook. What waits to be told goes to the new address. */
export function WebhookForm({ place, webhook: { name, url, events }, onDone }: ChangeProps) {
  const queryClient = useQueryClient();
  const form = useWebhookForm({ name, url, events });
  const change = useMutation({
    mutationFn: (body: Values) => call(changeWebhookEndpoint, { params: place, body }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: webhooksKey(place.organization) });
      onDone();
    },
  });
  return (
    <FormShell form={form} mutation={change} submitLabel="Save">
      <Fields form={form} />
    </FormShell>
  );
}

function useWebhookForm(initialValues: Values): UseFormReturnType<Values> {
  return useForm({
    initialValues,
    validate: {
      name: (name) => (name.trim() === "" ? "Give it a name." : null),
      url: (url) => (url.trim() === "" ? "Give the address that is called." : null),
    },
  });
}

function Fields({ form }: { form: UseFormReturnType<Values> }) {
  return (
    <>
      <TextInput label="Name" maxLength={100} dir="auto" {...form.getInputProps("name")} />
      <TextInput
        label="Address"
        description="It is called by POST, signed, and must be on the public Internet."
        placeholder="https://example.com/hook"
        type="url"
        maxLength={2000}
        {...form.getInputProps("url")}
      />
      <TagsInput
        label="Events"
        description="Operations or kinds of change, such as crm.customers.insert, crm.* or * for all. Without any it only executes tasks."
        data={EXAMPLES}
        maxTags={50}
        clearable={false}
        {...form.getInputProps("events")}
      />
    </>
  );
}
