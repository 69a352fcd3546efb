import { Button } from "@mantine/core";
import { browserSupportsWebAuthn } from "@simplewebauthn/browser";
import type { UseMutationResult } from "@tanstack/react-query";
import { isGivenUp } from "../lib/passkeys.ts";
import { ProblemAlert } from "./ProblemAlert.tsx";

type Props = { label: string; mutation: UseMutationResult<unknown, Error, void> };

/** Has the browser ask for a passkey; nothing where the browser knows none. */
export function PasskeyButton({ label, mutation }: Props) {
  if (!browserSupportsWebAuthn()) return null;
  return (
    <>
      <Button variant="default" onClick={() => mutation.mutate()} loading={mutation.isPending}>
        {label}
      </Button>
      {mutation.error && !isGivenUp(mutation.error) && <ProblemAlert error={mutation.error} />}
    </>
  );
}
