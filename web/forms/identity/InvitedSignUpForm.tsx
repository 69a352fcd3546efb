import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { acceptInvitation } from "../../../modules/organizations/invitations-contract.ts";
import { call } from "../../lib/api.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { NewPasswordInput } from "./NewPasswordInput.tsx";

type Props = { token: string; email: string; onJoined: (answer: { slug: string }) => void };

/** Makes an account for an invited person: the invitation proved the address. */
export function InvitedSignUpForm({ token, email, onJoined }: Props) {
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "", password: "" },
    validate: { name: isGiven, password: isGiven },
  });
  const joining = useMutation({
    mutationFn: (values: typeof form.values) => call(acceptInvitation, { body: { token, ...values } }),
    onSuccess: onJoined,
  });
  return (
    <FormShell form={form} mutation={joining} submitLabel="Create account and join">
      <TextInput label="E-mail" value={email} readOnly name="email" autoComplete="username" />
      <TextInput
        label="Your name"
        autoFocus
        name="name"
        autoComplete="name"
        dir="auto"
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
      <NewPasswordInput key={form.key("password")} {...form.getInputProps("password")} />
    </FormShell>
  );
}
