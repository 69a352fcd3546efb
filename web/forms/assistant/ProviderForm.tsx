import { PasswordInput, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { connectProvider, type Protocol } from "../../../modules/assistant/contract.ts";
import { call } from "../../lib/api.ts";
import { assistantKey } from "../../lib/assistant-queries.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Kind = { value: string; label: string; protocol: Protocol; name: string; url: string };

const KINDS: readonly Kind[] = [
  { value: "openai", label: "OpenAI", protocol: "openai_compatible", name: "openai", url: "https://api.openai.com/v1" },
  {
    value: "anthropic",
    label: "Anthropic",
    protocol: "anthropic",
    name: "anthropic",
    url: "https://api.anthropic.com/v1",
  },
  {
    value: "google",
    label: "Google",
    protocol: "google",
    name: "google",
    url: "https://generativelanguage.googleapis.com/v1beta",
  },
  {
    value: "local",
    label: "Ollama, vLLM or another that speaks as OpenAI does",
    protocol: "openai_compatible",
    name: "local",
    url: "http://localhost:11434/v1",
  },
];

/** Connects a provider, or changes how it is connected. */
export function ProviderForm({ organization }: { organization: string }) {
  const queryClient = useQueryClient();
  const [first] = KINDS;
  const form = useForm({
    initialValues: { kind: first?.value ?? "", name: first?.name ?? "", base_url: first?.url ?? "", key: "" },
    validate: { name: isGiven, base_url: isGiven },
  });
  const connection = useMutation({
    mutationFn: ({ kind, name, base_url, key }: typeof form.values) => {
      const protocol = KINDS.find(({ value }) => value === kind)?.protocol ?? "openai_compatible";
      const body = { name: name.trim(), protocol, base_url, ...(key.trim() && { key: key.trim() }) };
      return call(connectProvider, { params: { organization }, body });
    },
    onSuccess: () => {
      form.setFieldValue("key", "");
      return queryClient.invalidateQueries({ queryKey: assistantKey(organization) });
    },
  });
  const choose = (value: string | null) => {
    const kind = KINDS.find((one) => one.value === value);
    if (kind) form.setValues({ kind: kind.value, name: kind.name, base_url: kind.url });
  };
  return (
    <FormShell form={form} mutation={connection} submitLabel="Connect">
      <Select
        label="Kind"
        data={KINDS.map(({ value, label }) => ({ value, label }))}
        allowDeselect={false}
        {...form.getInputProps("kind")}
        onChange={choose}
      />
      <TextInput
        label="Name"
        description="As the models that the operator lists name their provider."
        maxLength={100}
        spellCheck={false}
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Address"
        description="On the public Internet, or where the operator allows (TENON_ALLOW_PRIVATE_ADDRESSES)."
        type="url"
        maxLength={2_000}
        {...form.getInputProps("base_url")}
      />
      <PasswordInput
        label="Key"
        description="Left empty, the one that is kept stays. A local model may need none."
        autoComplete="off"
        maxLength={2_000}
        {...form.getInputProps("key")}
      />
    </FormShell>
  );
}
