import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { requestEmailChange } from "../../../modules/identity/contract.ts";
import { useAccountChange } from "../../lib/account.ts";
import { call } from "../../lib/api.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { onSent: (email: string) => void };

/** Asks for another address, which counts when the mail to it is answered. */
export function EmailForm({ onSent }: Props) {
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "" }, validate: { email: isGiven } });
  const asking = useAccountChange(
    (body: typeof form.values) => call(requestEmailChange, { body }),
    (_, { email }) => onSent(email),
  );
  return (
    <FormShell form={form} mutation={asking} submitLabel="Send the link">
      <TextInput
        label="New e-mail"
        type="email"
        name="email"
        autoComplete="email"
        autoFocus
        key={form.key("email")}
        {...form.getInputProps("email")}
      />
    </FormShell>
  );
}
