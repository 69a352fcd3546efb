import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { NewPasswordInput } from "./NewPasswordInput.tsx";

type Props<Answer> = {
  label: string;
  submitLabel: string;
  /** Sends the password along with the token that the page came by. */
  send: (password: string) => Promise<Answer>;
  onDone: (answer: Answer) => void;
};

/** Chooses a password, for an account that is new or whose password was forgotten. */
export function NewPasswordForm<Answer>({ label, submitLabel, send, onDone }: Props<Answer>) {
  const form = useForm({ mode: "uncontrolled", initialValues: { password: "" }, validate: { password: isGiven } });
  const sending = useMutation({
    mutationFn: ({ password }: typeof form.values) => send(password),
    onSuccess: onDone,
  });
  return (
    <FormShell form={form} mutation={sending} submitLabel={submitLabel}>
      <NewPasswordInput label={label} autoFocus key={form.key("password")} {...form.getInputProps("password")} />
    </FormShell>
  );
}
