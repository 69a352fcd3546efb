import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { requestPasswordReset } from "../../../modules/identity/contract.ts";
import { call } from "../../lib/api.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { onSent: (email: string) => void };

export function ForgottenPasswordForm({ onSent }: Props) {
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "" }, validate: { email: isGiven } });
  const asking = useMutation({
    mutationFn: (body: typeof form.values) => call(requestPasswordReset, { body }),
    onSuccess: (_, { email }) => onSent(email),
  });
  return (
    <FormShell form={form} mutation={asking} submitLabel="Send the link">
      <TextInput
        label="E-mail"
        autoFocus
        type="email"
        name="email"
        autoComplete="username"
        key={form.key("email")}
        {...form.getInputProps("email")}
      />
    </FormShell>
  );
}
