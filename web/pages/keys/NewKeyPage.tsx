import { Box } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createKey } from "../../../modules/organizations/keys-contract.ts";
import { type MadeKey, NewKeyForm } from "../../forms/keys/NewKeyForm.tsx";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProofProvider } from "../identity/account/ProofProvider.tsx";
import { KeyToken } from "./KeyToken.tsx";

/** Makes a key, and shows its token once: it is kept by nothing but this page. */
export function NewKeyPage() {
  const organization = useOrganization();
  const { slug } = organization;
  const navigate = useNavigate();
  const [made, setMade] = useState<MadeKey>();
  const above = (
    <AnchorLink to="/$organization/keys" params={{ organization: slug }} size="sm">
      API keys
    </AnchorLink>
  );
  if (!may(organization, createKey))
    return (
      <Page title="New key" above={above}>
        <EmptyState title="Your roles don't include API keys">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  const leave = () => navigate({ to: "/$organization/keys", params: { organization: slug } });
  return (
    <ProofProvider>
      <Page title={made ? made.name : "New key"} above={above}>
        <Box maw={720}>
          {made ? (
            <KeyToken organization={slug} token={made.token} scopes={made.scopes} onDone={leave} />
          ) : (
            <NewKeyForm organization={organization} onMade={setMade} />
          )}
        </Box>
      </Page>
    </ProofProvider>
  );
}
