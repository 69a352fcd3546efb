import { Button, Group, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { listImports, startImport } from "../../../modules/imports/contract.ts";
import { type ImportInList, importsQuery } from "../../lib/import-queries.ts";
import { wordsOf } from "../../lib/import-wish.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { Ago } from "../../ui/Ago.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loading } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { ImportActions } from "./ImportActions.tsx";
import { ImportProgress } from "./ImportProgress.tsx";
import { rowsInWords, STATE_WORDS } from "./import-words.ts";

/** The organization's imports, newest first. */
export function ImportsPage() {
  const organization = useOrganization();
  const mayRead = may(organization, listImports);
  const imports = useInfiniteQuery({ ...importsQuery(organization.slug), enabled: mayRead });
  const items = imports.data?.pages.flatMap((page) => page.items);
  if (!mayRead)
    return (
      <Page title="Imports">
        <EmptyState title="Your roles don't include imports">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  const link = may(organization, startImport) && (
    <ButtonLink to="/$organization/import/new" params={{ organization: organization.slug }} search={{}}>
      New import
    </ButtonLink>
  );
  const isEmpty = items?.length === 0;
  return (
    <Page title="Imports" description="Files that became rows, newest first" actions={!isEmpty && link}>
      <Stack gap="lg">
        {imports.error && <ProblemAlert error={imports.error} onRetry={() => imports.refetch()} />}
        {!items && !imports.error && <Loading />}
        {isEmpty && (
          <EmptyState title="No import yet" action={link}>
            A file of rows (CSV, JSON or JSON lines) becomes customers, products, notes or whatever you may write. You
            see beforehand what would come of it, and can take it back afterwards.
          </EmptyState>
        )}
        {items && !isEmpty && (
          <Rows label="Imports">
            {items.map((load) => (
              <Item key={load.id} load={load} organization={organization} />
            ))}
          </Rows>
        )}
        {imports.hasNextPage && (
          <Group>
            <Button variant="default" onClick={() => imports.fetchNextPage()} loading={imports.isFetchingNextPage}>
              More
            </Button>
          </Group>
        )}
      </Stack>
    </Page>
  );
}

function Item({ load, organization }: { load: ImportInList; organization: Organization }) {
  const facts = [STATE_WORDS[load.state], rowsInWords(load)].filter(Boolean).join(": ");
  const title = (
    <AnchorLink
      to="/$organization/import/$import"
      params={{ organization: organization.slug, import: load.id }}
      fw={600}
    >
      {wordsOf(load.noun)}
    </AnchorLink>
  );
  const about = (
    <>
      {facts} · <Ago at={load.created_at} />
      <ImportProgress load={load} />
    </>
  );
  return (
    <Row title={title} about={about}>
      <ImportActions organization={organization} load={load} />
    </Row>
  );
}
