import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { resetPassword } from "../../../modules/identity/contract.ts";
import { call } from "../../lib/api.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { NewPasswordInput } from "./NewPasswordInput.tsx";

type Props = { token: string; onDone: () => void };

export function NewPasswordForm({ token, onDone }: Props) {
  const form = useForm({ mode: "uncontrolled", initialValues: { password: "" }, validate: { password: isGiven } });
  const resetting = useMutation({
    mutationFn: ({ password }: typeof form.values) => call(resetPassword, { body: { token, password } }),
    onSuccess: onDone,
  });
  return (
    <FormShell form={form} mutation={resetting} submitLabel="Set the password">
      <NewPasswordInput label="New password" autoFocus key={form.key("password")} {...form.getInputProps("password")} />
    </FormShell>
  );
}
