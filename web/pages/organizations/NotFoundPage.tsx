import { Box } from "@mantine/core";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";

export function NotFoundPage() {
  return (
    <Box p="md">
      <Page title="There is nothing here">
        <EmptyState title="This address leads nowhere" action={<ButtonLink to="/">Go to the start</ButtonLink>}>
          It may be mistyped, or what was here may be gone, or it belongs to an organization that you are not a member
          of.
        </EmptyState>
      </Page>
    </Box>
  );
}
