import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { listLedger, readCredits, readUsage } from "../../../modules/credits/contract.ts";
import { creditsQuery, usageQuery } from "../../lib/credit-queries.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Page } from "../../ui/Page.tsx";
import { Section } from "../../ui/Section.tsx";
import { AccountSection } from "./AccountSection.tsx";
import { LedgerSection } from "./LedgerSection.tsx";
import { MemberUsage, ResourceUsage } from "./Usage.tsx";

/** The credits of the organization and what was used: each part for whoever may see it. */
export function UsagePage() {
  const organization = useOrganization();
  const { slug } = organization;
  const parts = [
    may(organization, readCredits) && <Accounts key="accounts" organization={slug} />,
    may(organization, readUsage) && <UsageSections key="usage" organization={slug} />,
    may(organization, listLedger) && <LedgerSection key="ledger" organization={slug} />,
  ].filter(Boolean);
  return (
    <Page title="Credits and usage" description="What there is, and what was used this month">
      {parts.length > 0 ? (
        <Stack gap="lg">{parts}</Stack>
      ) : (
        <EmptyState title="Your roles don't include credits and usage">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      )}
    </Page>
  );
}

function Accounts({ organization }: { organization: string }) {
  const credits = useQuery(creditsQuery(organization));
  if (credits.data === undefined)
    return (
      <Section title="Credits">
        <Loaded query={credits}>{() => null}</Loaded>
      </Section>
    );
  const { items } = credits.data;
  return (
    <Loaded query={credits}>
      {() =>
        items.map((account) => (
          <AccountSection
            key={account.id}
            account={account}
            title={items.length === 1 ? "Credits" : `Credits: ${account.name}`}
          />
        ))
      }
    </Loaded>
  );
}

function UsageSections({ organization }: { organization: string }) {
  const usage = useQuery(usageQuery(organization));
  return (
    <>
      <Section title="Usage this month">
        <Loaded query={usage}>{(data) => <ResourceUsage usage={data} />}</Loaded>
      </Section>
      {usage.data && (
        <Section title="By member" description="Who used most this month">
          <MemberUsage usage={usage.data} />
        </Section>
      )}
    </>
  );
}
