import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { deleteAccount } from "../../../modules/identity/contract.ts";
import { call } from "../../lib/api.ts";
import { useProof } from "../../lib/proof.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { email: string; onDeleted: () => void };

export function DeleteAccountForm({ email, onDeleted }: Props) {
  const withProof = useProof();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { typed: "" },
    validate: { typed: (typed) => (isSame(typed, email) ? null : `Type ${email}, if you mean it.`) },
  });
  const deleting = useMutation({
    mutationFn: (_: typeof form.values) => withProof(() => call(deleteAccount, {})),
    onSuccess: onDeleted,
  });
  return (
    <FormShell form={form} mutation={deleting} submitLabel="Delete the account" submitColor="red">
      <TextInput
        label="Your e-mail address"
        description="Type it to confirm."
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        key={form.key("typed")}
        {...form.getInputProps("typed")}
      />
    </FormShell>
  );
}

function isSame(typed: string, email: string): boolean {
  return typed.trim().toLowerCase() === email.toLowerCase();
}
