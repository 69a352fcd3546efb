import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { confirmTotp } from "../../../modules/identity/factors-contract.ts";
import { useAccountChange } from "../../lib/account.ts";
import { call } from "../../lib/api.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { factor: string; onAdded: (recoveryCodes: string[] | null) => void };

export function ConfirmAppForm({ factor, onAdded }: Props) {
  const form = useForm({ mode: "uncontrolled", initialValues: { code: "" }, validate: { code: isGiven } });
  const confirming = useAccountChange(
    (body: typeof form.values) => call(confirmTotp, { params: { factor }, body }),
    ({ recovery_codes }) => onAdded(recovery_codes),
  );
  return (
    <FormShell form={form} mutation={confirming} submitLabel="Confirm">
      <TextInput
        label="Code"
        description="Six digits, which the app shows now."
        name="code"
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        key={form.key("code")}
        {...form.getInputProps("code")}
      />
    </FormShell>
  );
}
