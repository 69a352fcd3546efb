import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { startImport } from "../../../modules/imports/contract.ts";
import { ImportForm } from "../../forms/imports/ImportForm.tsx";
import { targetsQuery } from "../../lib/import-queries.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";

/** From a file to rows: what they become, the file, what would come of it. */
export function NewImportPage() {
  const organization = useOrganization();
  const { noun } = useSearch({ from: "/$organization/import/new" });
  const mayStart = may(organization, startImport);
  const targets = useQuery({ ...targetsQuery(organization.slug), enabled: mayStart });
  const above = (
    <AnchorLink to="/$organization/import" params={{ organization: organization.slug }} size="sm">
      Imports
    </AnchorLink>
  );
  if (!mayStart || targets.data?.length === 0)
    return (
      <Page title="New import" above={above}>
        <EmptyState title={mayStart ? "There is nothing that you may write" : "Your roles don't include importing"}>
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return (
    <Page title="New import" above={above}>
      <Loaded query={targets}>
        {(items) => <ImportForm organization={organization.slug} targets={items} noun={noun} />}
      </Loaded>
    </Page>
  );
}
