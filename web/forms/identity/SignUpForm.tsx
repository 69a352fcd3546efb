import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { signUp } from "../../../modules/identity/contract.ts";
import { call } from "../../lib/api.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { onSent: (email: string) => void };

/** Asks for an account. Whether the address has one already is told by mail only. */
export function SignUpForm({ onSent }: Props) {
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "", email: "", organization: "" },
    validate: { name: isGiven, email: isGiven },
  });
  const asking = useMutation({
    mutationFn: ({ organization, ...rest }: typeof form.values) =>
      call(signUp, { body: { ...rest, ...(organization.trim() && { organization }) } }),
    onSuccess: (_, { email }) => onSent(email),
  });
  return (
    <FormShell form={form} mutation={asking} submitLabel="Create account">
      <TextInput
        label="Your name"
        autoFocus
        name="name"
        autoComplete="name"
        dir="auto"
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
      <TextInput
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        key={form.key("email")}
        {...form.getInputProps("email")}
      />
      <TextInput
        label="Organization"
        description="What your team is called. Left empty, it is named after you."
        name="organization"
        autoComplete="organization"
        dir="auto"
        key={form.key("organization")}
        {...form.getInputProps("organization")}
      />
    </FormShell>
  );
}
