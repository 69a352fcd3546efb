import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useContext } from "react";
import { addressOf } from "../../../../client/address.ts";
import { type Identity, startProvider, unlinkIdentity } from "../../../../modules/identity/issuers-contract.ts";
import { useAccountChange } from "../../../lib/account.ts";
import { factorsQuery, identitiesQuery, profileQuery } from "../../../lib/account-queries.ts";
import { call } from "../../../lib/api.ts";
import { formatMoment } from "../../../lib/format.ts";
import { ProofContext } from "../../../lib/proof.ts";
import { providersQuery } from "../../../lib/queries.ts";
import { ConfirmButton } from "../../../ui/ConfirmButton.tsx";
import { Loaded } from "../../../ui/Loaded.tsx";
import { ProblemAlert } from "../../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../../ui/Row.tsx";
import { Section } from "../../../ui/Section.tsx";

/** Who the person is at other providers. Nothing where there is no provider. */
export function IdentitiesSection() {
  const identities = useQuery(identitiesQuery);
  const { data: providers = [] } = useQuery(providersQuery);
  if (providers.length === 0 && !identities.data?.items.length) return null;
  return (
    <Section title="Sign-in with other providers">
      <Loaded query={identities}>{({ items }) => <Identities identities={items} />}</Loaded>
      <Group gap="sm">
        {providers.map(({ name, label }) => (
          <Connect key={name} provider={name} label={label} />
        ))}
      </Group>
    </Section>
  );
}

function Identities({ identities }: { identities: Identity[] }) {
  const unlinking = useAccountChange((identity: string) => call(unlinkIdentity, { params: { identity } }));
  if (identities.length === 0) return <Text>None is connected.</Text>;
  return (
    <>
      {unlinking.error && <ProblemAlert error={unlinking.error} />}
      <Rows label="Connected providers">
        {identities.map(({ id, label, email, subject, linked_at, last_used_at }) => (
          <Row
            key={id}
            title={label}
            about={`${email ?? subject}, ${last_used_at ? `last used ${formatMoment(last_used_at)}` : `connected ${formatMoment(linked_at)}`}`}
          >
            <ConfirmButton
              label="Remove"
              question="Really remove"
              of={label}
              isPending={unlinking.isPending && unlinking.variables === id}
              onConfirm={() => unlinking.mutate(id)}
            />
          </Row>
        ))}
      </Rows>
    </>
  );
}

/** Connecting leaves the page, where no dialog can ask for the proof: it is asked for before. */
function Connect({ provider, label }: { provider: string; label: string }) {
  const ask = useContext(ProofContext);
  const { data: profile } = useQuery(profileQuery);
  const { data: factors } = useQuery(factorsQuery);
  const canProve = profile?.has_password || Boolean(factors?.totp.length || factors?.passkeys.length);
  const connect = async () => {
    if (canProve && !(await ask("any"))) return;
    window.location.assign(addressOf(startProvider, { params: { provider }, query: { to: "/account", link: "1" } }));
  };
  return (
    <Button variant="default" onClick={connect}>
      Connect {label}
    </Button>
  );
}
