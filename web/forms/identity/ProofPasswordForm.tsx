import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { proveWithPassword } from "../../../modules/identity/contract.ts";
import { call } from "../../lib/api.ts";
import { atField } from "../../lib/problem.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { PasswordField } from "../../ui/PasswordField.tsx";
import { AccountName } from "./AccountName.tsx";

type Props = { email: string; onProved: () => void };

export function ProofPasswordForm({ email, onProved }: Props) {
  const form = useForm({ mode: "uncontrolled", initialValues: { password: "" }, validate: { password: isGiven } });
  const proving = useMutation({
    mutationFn: (body: typeof form.values) =>
      call(proveWithPassword, { body }).catch((error) => {
        throw atField("password", error);
      }),
    onSuccess: onProved,
  });
  return (
    <FormShell form={form} mutation={proving} submitLabel="Go on">
      <AccountName email={email} />
      <PasswordField
        autoComplete="current-password"
        data-autofocus
        key={form.key("password")}
        {...form.getInputProps("password")}
      />
    </FormShell>
  );
}
