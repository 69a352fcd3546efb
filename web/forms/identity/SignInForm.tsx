import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { signIn } from "../../../modules/identity/contract.ts";
import { call } from "../../lib/api.ts";
import { useArrival } from "../../lib/signing-in.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { PasswordField } from "../../ui/PasswordField.tsx";

type Props = { onSecondFactor: (pending: string) => void };

export function SignInForm({ onSecondFactor }: Props) {
  const arrive = useArrival();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { email: "", password: "" },
    validate: { email: isGiven, password: isGiven },
  });
  const opening = useMutation({
    mutationFn: (body: typeof form.values) => call(signIn, { body }),
    onSuccess: ({ pending }) => (pending === null ? arrive() : onSecondFactor(pending)),
  });
  return (
    <FormShell form={form} mutation={opening} submitLabel="Sign in">
      <TextInput
        label="E-mail"
        autoFocus
        type="email"
        name="email"
        autoComplete="username"
        key={form.key("email")}
        {...form.getInputProps("email")}
      />
      <PasswordField autoComplete="current-password" key={form.key("password")} {...form.getInputProps("password")} />
    </FormShell>
  );
}
