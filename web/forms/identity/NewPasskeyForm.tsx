import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { ApiProblem } from "../../../client/problem.ts";
import { addPasskey } from "../../../modules/identity/factors-contract.ts";
import { useAccountChange } from "../../lib/account.ts";
import { call } from "../../lib/api.ts";
import { nameDevice } from "../../lib/device.ts";
import { isGivenUp, makePasskey } from "../../lib/passkeys.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Props = { onAdded: (recoveryCodes: string[] | null) => void };

export function NewPasskeyForm({ onAdded }: Props) {
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: nameDevice(navigator.userAgent) },
    validate: { name: isGiven },
  });
  const adding = useAccountChange(
    async ({ name }: typeof form.values) => call(addPasskey, { body: { name, response: await makeOrTell() } }),
    ({ recovery_codes }) => onAdded(recovery_codes),
  );
  return (
    <FormShell form={form} mutation={adding} submitLabel="Make the passkey">
      <TextInput
        label="Name of the passkey"
        description="So that you know it again, such as the device that keeps it."
        autoComplete="off"
        maxLength={100}
        dir="auto"
        autoFocus
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
    </FormShell>
  );
}

/** Makes a passkey; what the browser refuses is told in the page's words. */
async function makeOrTell() {
  try {
    return await makePasskey();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof ApiProblem) throw error;
    const detail = isGivenUp(error)
      ? "The browser's question was closed, or took too long."
      : error.name === "InvalidStateError"
        ? "This device has a passkey for your account already."
        : error.message;
    const problem = { title: "No passkey was made", status: 0, code: "passkey", detail };
    throw new ApiProblem({ ...problem, hint: "Try again, or take another device." }, { cause: error });
  }
}
