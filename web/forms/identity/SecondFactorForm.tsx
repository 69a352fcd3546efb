import { Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { finishSignIn } from "../../../modules/identity/factors-contract.ts";
import { call } from "../../lib/api.ts";
import { useArrival, usePasskeySignIn } from "../../lib/signing-in.ts";
import { PasskeyButton } from "../../ui/PasskeyButton.tsx";
import { CodeForm, type ShownCode } from "./CodeForm.tsx";

type Props = { pending: string };

/** Finishes a sign-in by an authenticator app's code, a recovery code or a passkey. */
export function SecondFactorForm({ pending }: Props) {
  const arrive = useArrival();
  const passkey = usePasskeySignIn(pending);
  const passing = useMutation({
    mutationFn: (shown: ShownCode) => call(finishSignIn, { body: { pending, as: "browser", ...shown } }),
    onSuccess: arrive,
  });
  return (
    <Stack gap="md">
      <CodeForm mutation={passing} />
      <PasskeyButton label="Use a passkey" mutation={passkey} />
    </Stack>
  );
}
