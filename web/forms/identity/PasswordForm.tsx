import { useForm } from "@mantine/form";
import { changePassword } from "../../../modules/identity/contract.ts";
import { useAccountChange } from "../../lib/account.ts";
import { call } from "../../lib/api.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { AccountName } from "./AccountName.tsx";
import { NewPasswordInput } from "./NewPasswordInput.tsx";

type Props = { email: string; onDone: () => void };

export function PasswordForm({ email, onDone }: Props) {
  const form = useForm({ mode: "uncontrolled", initialValues: { password: "" }, validate: { password: isGiven } });
  const changing = useAccountChange((body: typeof form.values) => call(changePassword, { body }), onDone);
  return (
    <FormShell form={form} mutation={changing} submitLabel="Set the password">
      <AccountName email={email} />
      <NewPasswordInput label="New password" autoFocus key={form.key("password")} {...form.getInputProps("password")} />
    </FormShell>
  );
}
