import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useContext, useState } from "react";
import { renewRecoveryCodes } from "../../../../modules/identity/factors-contract.ts";
import { useAccountChange, useAccountRefresh } from "../../../lib/account.ts";
import { factorsQuery } from "../../../lib/account-queries.ts";
import { call } from "../../../lib/api.ts";
import { formatCountOf } from "../../../lib/format.ts";
import { ProofContext } from "../../../lib/proof.ts";
import { meQuery } from "../../../lib/queries.ts";
import { Loaded } from "../../../ui/Loaded.tsx";
import { ProblemAlert } from "../../../ui/ProblemAlert.tsx";
import { Section } from "../../../ui/Section.tsx";
import { AddApp } from "./AddApp.tsx";
import { AddPasskey } from "./AddPasskey.tsx";
import { FactorList } from "./FactorList.tsx";
import { RecoveryCodes } from "./RecoveryCodes.tsx";

type Step = { kind: "list" } | { kind: "app" } | { kind: "passkey" } | { kind: "codes"; codes: string[] };

/** What is asked for beside the password, or in its place. */
export function FactorsSection() {
  const factors = useQuery(factorsQuery);
  const [step, setStep] = useState<Step>({ kind: "list" });
  const added = (codes: string[] | null) => setStep(codes ? { kind: "codes", codes } : { kind: "list" });
  const renewal = useAccountChange(
    () => call(renewRecoveryCodes, {}),
    ({ recovery_codes }) => added(recovery_codes),
  );
  const cancel = () => setStep({ kind: "list" });
  return (
    <Section
      title="Second factors"
      description="Whoever knows your password gets no further without one. A passkey also stands in for the password."
    >
      {step.kind === "codes" && <RecoveryCodes codes={step.codes} onKept={cancel} />}
      <Loaded query={factors}>
        {(data) => (
          <Stack gap="md">
            <FactorList factors={data} />
            {data.totp.length + data.passkeys.length > 0 && (
              <>
                <UnshownFactor />
                <Group justify="space-between" gap="sm">
                  <Text size="sm">{formatCountOf(data.recovery_codes, "recovery code")} left</Text>
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() => renewal.mutate(undefined)}
                    loading={renewal.isPending}
                  >
                    New recovery codes
                  </Button>
                </Group>
              </>
            )}
          </Stack>
        )}
      </Loaded>
      {renewal.error && <ProblemAlert error={renewal.error} />}
      {step.kind === "app" && <AddApp onAdded={added} onCancel={cancel} />}
      {step.kind === "passkey" && <AddPasskey onAdded={added} onCancel={cancel} />}
      {step.kind === "list" && (
        <Group gap="sm">
          <Button variant="default" onClick={() => setStep({ kind: "app" })}>
            Add an authenticator app
          </Button>
          <Button variant="default" onClick={() => setStep({ kind: "passkey" })}>
            Add a passkey
          </Button>
        </Group>
      )}
    </Section>
  );
}

/** Organizations that want a second factor want it shown, which a session begun before there was one has not. */
function UnshownFactor() {
  const { data: me } = useSuspenseQuery(meQuery);
  const ask = useContext(ProofContext);
  const refresh = useAccountRefresh();
  if (me.second_factor) return null;
  const show = async () => {
    if (await ask("second_factor")) await refresh();
  };
  return (
    <Alert color="yellow" title="You have not shown a second factor in this session">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">Some organizations want it before you come in.</Text>
        <Button variant="default" size="xs" onClick={show}>
          Show it now
        </Button>
      </Stack>
    </Alert>
  );
}
