import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createKey, createService, type Key } from "../../../modules/organizations/keys-contract.ts";
import { keysQuery } from "../../lib/key-queries.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { ProofProvider } from "../identity/account/ProofProvider.tsx";
import { KeyRow } from "./KeyRow.tsx";
import { Services } from "./Services.tsx";

/** The keys by which programs ask and change what their makers let them. */
export function KeysPage() {
  const organization = useOrganization();
  const isOpen = may(organization, createKey);
  const keys = useQuery({ ...keysQuery(organization.slug), enabled: isOpen });
  if (!isOpen)
    return (
      <Page title="API keys">
        <EmptyState title="Your roles don't include API keys">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  const toNew = (
    <ButtonLink to="/$organization/keys/new" params={{ organization: organization.slug }}>
      New key
    </ButtonLink>
  );
  return (
    <ProofProvider>
      <Page title="API keys" description="Programs that ask and change what you let them" actions={toNew}>
        <Stack gap="lg">
          <Loaded query={keys}>{(items) => <Keys items={items} organization={organization} />}</Loaded>
          {may(organization, createService) && <Services organization={organization.slug} />}
        </Stack>
      </Page>
    </ProofProvider>
  );
}

function Keys({ items, organization }: { items: Key[]; organization: Organization }) {
  if (items.length === 0)
    return (
      <EmptyState title="No key yet">
        A key lets a program of yours do in {organization.name} what you choose, until a day that you set.
      </EmptyState>
    );
  const hasEnded = ({ status }: Key) => status === "revoked" || status === "expired";
  const current = items.filter((key) => !hasEnded(key));
  const ended = items.filter(hasEnded);
  return (
    <>
      <Section title="Keys">
        {current.length === 0 ? (
          "No key works now."
        ) : (
          <KeyRows label="Keys" keys={current} organization={organization} />
        )}
      </Section>
      {ended.length > 0 && (
        <Section title="Ended keys" description="They open nothing any more.">
          <KeyRows label="Ended keys" keys={ended} organization={organization} />
        </Section>
      )}
    </>
  );
}

function KeyRows({ label, keys, organization }: { label: string; keys: Key[]; organization: Organization }) {
  return (
    <Rows label={label}>
      {keys.map((key) => (
        <KeyRow key={key.id} apiKey={key} organization={organization} />
      ))}
    </Rows>
  );
}
