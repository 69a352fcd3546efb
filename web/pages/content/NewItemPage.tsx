import { Paper } from "@mantine/core";
import { NewItemForm } from "../../forms/content/NewItemForm.tsx";
import { useOrganization } from "../../lib/organization.ts";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";

export function NewItemPage() {
  const organization = useOrganization();
  return (
    <Page
      title="New content"
      above={
        <AnchorLink to="/$organization/content" params={{ organization: organization.slug }} search={{}} size="sm">
          Content
        </AnchorLink>
      }
    >
      <Paper withBorder p="lg" maw={560}>
        <NewItemForm organization={organization.slug} />
      </Paper>
    </Page>
  );
}
