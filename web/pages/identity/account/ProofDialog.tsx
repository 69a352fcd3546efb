import { Anchor, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { proveSecondFactor } from "../../../../modules/identity/factors-contract.ts";
import { CodeForm, type ShownCode } from "../../../forms/identity/CodeForm.tsx";
import { ProofPasswordForm } from "../../../forms/identity/ProofPasswordForm.tsx";
import { factorsQuery, profileQuery } from "../../../lib/account-queries.ts";
import { call } from "../../../lib/api.ts";
import { showPasskey } from "../../../lib/passkeys.ts";
import type { Wanted } from "../../../lib/proof.ts";
import { Loading } from "../../../ui/Loaded.tsx";
import { PasskeyButton } from "../../../ui/PasskeyButton.tsx";

type Props = { wanted: Wanted; onProved: () => void };

/** Asks for whatever the person has: the password, a code or a passkey. */
export function ProofDialog({ wanted, onProved }: Props) {
  const { data: profile } = useQuery(profileQuery);
  const { data: factors } = useQuery(factorsQuery);
  const [isByCode, setByCode] = useState(wanted === "second_factor");
  if (!profile || !factors) return <Loading />;
  const hasPassword = profile.has_password && wanted === "any";
  const hasFactors = factors.totp.length + factors.passkeys.length > 0;
  if (!hasPassword && !hasFactors)
    return <Text>Sign out and in again as usual, then come back here: that shows that it is you.</Text>;
  return (
    <Stack gap="md">
      <Text size="sm">This is a delicate change, so show once more that it is you.</Text>
      {hasPassword && !isByCode ? (
        <ProofPasswordForm email={profile.email} onProved={onProved} />
      ) : (
        <SecondFactor hasPasskey={factors.passkeys.length > 0} onProved={onProved} />
      )}
      {hasPassword && hasFactors && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => setByCode(!isByCode)}
          style={{ alignSelf: "start" }}
        >
          {isByCode ? "Use the password" : "Use a second factor"}
        </Anchor>
      )}
    </Stack>
  );
}

function SecondFactor({ hasPasskey, onProved }: { hasPasskey: boolean; onProved: () => void }) {
  const code = useMutation({
    mutationFn: (body: ShownCode) => call(proveSecondFactor, { body }),
    onSuccess: onProved,
  });
  const passkey = useMutation({
    mutationFn: async () => call(proveSecondFactor, { body: { passkey: await showPasskey() } }),
    onSuccess: onProved,
  });
  return (
    <>
      <CodeForm mutation={code} />
      {hasPasskey && <PasskeyButton label="Use a passkey" mutation={passkey} />}
    </>
  );
}
