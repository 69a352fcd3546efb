import type { Organization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";

/** In place of every page of an organization that wants more than a password. */
export function SecondFactorNeeded({ organization: { name } }: { organization: Organization }) {
  return (
    <Page title={name}>
      <EmptyState title="A second factor is needed" action={<ButtonLink to="/account">Go to your account</ButtonLink>}>
        {name} lets in only who has shown more than a password. Set up an authenticator app or a passkey in your
        account, or show the one that you have, then come back.
      </EmptyState>
    </Page>
  );
}
