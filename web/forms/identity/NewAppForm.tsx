import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { addTotp } from "../../../modules/identity/factors-contract.ts";
import { useAccountChange } from "../../lib/account.ts";
import { call } from "../../lib/api.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { onSetUp: (app: { id: string; secret: string; uri: string }) => void };

export function NewAppForm({ onSetUp }: Props) {
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "Authenticator app" },
    validate: { name: isGiven },
  });
  const adding = useAccountChange((body: typeof form.values) => call(addTotp, { body }), onSetUp);
  return (
    <FormShell form={form} mutation={adding} submitLabel="Go on">
      <TextInput
        label="Name of the app"
        description="So that you know it again, such as the name of your phone."
        autoComplete="off"
        maxLength={100}
        dir="auto"
        autoFocus
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
    </FormShell>
  );
}
