import { PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { signIn } from "../../../modules/identity/contract.ts";
import { call } from "../../lib/api.ts";
import { FormShell } from "../../ui/FormShell.tsx";

export function SignInForm() {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { to = "/" } = useSearch({ from: "/sign-in" });
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { email: "", password: "" },
    validate: { email: isGiven, password: isGiven },
  });
  const opening = useMutation({
    mutationFn: (body: typeof form.values) => call(signIn, { body }),
    onSuccess: () => {
      queryClient.clear();
      router.history.push(to);
    },
  });
  return (
    <FormShell form={form} mutation={opening} submitLabel="Sign in">
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="username"
        key={form.key("email")}
        {...form.getInputProps("email")}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        key={form.key("password")}
        {...form.getInputProps("password")}
      />
    </FormShell>
  );
}

function isGiven(value: string): string | null {
  return value === "" ? "Fill this in." : null;
}
