import { TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createWebhookEndpoint } from "../../../modules/tasks/webhooks-contract.ts";
import { call } from "../../lib/api.ts";
import { webhooksKey } from "../../lib/webhook-queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";

const TIMEOUT_SECONDS = 10;
const EXAMPLES = ["*", "crm.*", "crm.customers.insert", "labeling.*", "tasks.*"];

type Props = { organization: string; onMade: (made: { id: string; secret: string }) => void };

/** Makes a webhook. Its secret is told once, to whoever made it. */
export function WebhookForm({ organization, onMade }: Props) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name: "", url: "", events: [] as string[] },
    validate: {
      name: (name) => (name.trim() === "" ? "Give it a name." : null),
      url: (url) => (url.trim() === "" ? "Give the address that is called." : null),
    },
  });
  const creation = useMutation({
    mutationFn: (values: typeof form.values) =>
      call(createWebhookEndpoint, { params: { organization }, body: { ...values, timeout_seconds: TIMEOUT_SECONDS } }),
    onSuccess: (made) => {
      form.reset();
      queryClient.invalidateQueries({ queryKey: webhooksKey(organization) });
      onMade(made);
    },
  });
  return (
    <FormShell form={form} mutation={creation} submitLabel="Create webhook">
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
    </FormShell>
  );
}
