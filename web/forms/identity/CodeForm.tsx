import { Anchor, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../../client/problem.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

/** A code as the server takes it: of the app, or one of those kept for when the app is lost. */
export type ShownCode = { code: string } | { recovery_code: string };

type Props = { mutation: UseMutationResult<unknown, Error, ShownCode> };

/** Asks for the authenticator app's code or, when the app is lost, for a recovery code. */
export function CodeForm({ mutation }: Props) {
  const [isRecovering, setRecovering] = useState(false);
  const turn = () => {
    mutation.reset();
    setRecovering(!isRecovering);
  };
  return (
    <>
      <OneCodeForm key={String(isRecovering)} mutation={mutation} isRecovering={isRecovering} />
      <Anchor component="button" type="button" size="sm" onClick={turn} style={{ alignSelf: "start" }}>
        {isRecovering ? "Use the app's code" : "Use a recovery code"}
      </Anchor>
    </>
  );
}

function OneCodeForm({ mutation, isRecovering }: Props & { isRecovering: boolean }) {
  const form = useForm({ mode: "uncontrolled", initialValues: { code: "" }, validate: { code: isGiven } });
  const passing = useMutation({
    mutationFn: async (values: typeof form.values) => {
      const code = values.code.replace(/\s/g, "");
      await mutation.mutateAsync(isRecovering ? { recovery_code: code } : { code }).catch((error) => {
        throw atCode(error);
      });
    },
  });
  const words = isRecovering
    ? { label: "Recovery code", description: "One of the ten that you kept. Each works once." }
    : { label: "Code", description: "Six digits, from your authenticator app." };
  return (
    <FormShell form={form} mutation={passing} submitLabel="Go on">
      <TextInput
        {...words}
        name={isRecovering ? "recovery-code" : "code"}
        autoComplete={isRecovering ? "off" : "one-time-code"}
        inputMode={isRecovering ? "text" : "numeric"}
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        key={form.key("code")}
        {...form.getInputProps("code")}
      />
    </FormShell>
  );
}

/** The server names the field by what was sent; here both are one field. */
function atCode(error: unknown): unknown {
  if (!(error instanceof ApiProblem)) return error;
  const { errors, ...problem } = error.problem;
  if (!errors) return error;
  return new ApiProblem({ ...problem, errors: errors.map(({ message }) => ({ field: "code", message })) });
}
