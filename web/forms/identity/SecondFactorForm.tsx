import { Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { finishSignIn } from "../../../modules/identity/factors-contract.ts";
import { call } from "../../lib/api.ts";
import { useArrival } from "../../lib/signing-in.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { pending: string };

/** Asks for the authenticator app's code or, when the app is lost, for a recovery code. */
export function SecondFactorForm({ pending }: Props) {
  const arrive = useArrival();
  const [isRecovering, setRecovering] = useState(false);
  const form = useForm({ mode: "uncontrolled", initialValues: { code: "" }, validate: { code: isGiven } });
  const passing = useMutation({
    mutationFn: ({ code }: typeof form.values) => {
      const given = code.replace(/\s/g, "");
      return call(finishSignIn, {
        body: { pending, as: "browser", ...(isRecovering ? { recovery_code: given } : { code: given }) },
      });
    },
    onSuccess: arrive,
  });
  return (
    <FormShell form={form} mutation={passing} submitLabel="Go on">
      {isRecovering ? (
        <TextInput
          label="Recovery code"
          description="One of the ten that you kept. Each works once."
          autoComplete="off"
          autoFocus
          key="recovery"
          {...form.getInputProps("code")}
        />
      ) : (
        <TextInput
          label="Code"
          description="Six digits, from your authenticator app."
          autoComplete="one-time-code"
          inputMode="numeric"
          autoFocus
          key="code"
          {...form.getInputProps("code")}
        />
      )}
      <Button variant="subtle" size="compact-sm" onClick={() => setRecovering(!isRecovering)}>
        {isRecovering ? "Use the app's code" : "Use a recovery code"}
      </Button>
    </FormShell>
  );
}
