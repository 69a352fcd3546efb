import { Anchor, Box } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { type ApiDescription, operationsOf } from "../../lib/api-description.ts";
import { apiQuery } from "../../lib/api-query.ts";
import { formatCountOf } from "../../lib/format.ts";
import classes from "../../ui/Browse.module.css";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ApiStart } from "./ApiStart.tsx";
import { OperationDetails } from "./OperationDetails.tsx";
import { OperationList } from "./OperationList.tsx";

/** What programs can ask of this installation; for everybody, without a sign-in. */
export function ApiPage() {
  const api = useQuery(apiQuery);
  const above = (
    <AnchorLink to="/" size="sm">
      Tenon
    </AnchorLink>
  );
  return (
    <Box component="main" p={{ base: "md", sm: "xl" }}>
      <Page title="API" above={above} description={<Origin api={api.data} />} wide>
        <Loaded query={api}>{(data) => <Reader api={data} />}</Loaded>
      </Page>
    </Box>
  );
}

function Origin({ api }: { api: ApiDescription | undefined }) {
  return (
    <>
      {api && `Version ${api.info.version}, ${formatCountOf(operationsOf(api).length, "operation")}, as `}
      <Anchor href="/api/openapi.json" inherit>
        OpenAPI 3.1
      </Anchor>
    </>
  );
}

function Reader({ api }: { api: ApiDescription }) {
  const { operation: id } = useSearch({ from: "/api/docs" });
  const operations = useMemo(() => operationsOf(api), [api]);
  const open = operations.find(({ operationId }) => operationId === id);
  return (
    <div className={classes.page}>
      <div className={classes.side}>
        <OperationList tags={api.tags} operations={operations} open={open} />
      </div>
      <div className={classes.content}>
        {open && <OperationDetails key={open.operationId} api={api} operation={open} />}
        {!open && id === undefined && <ApiStart api={api} operations={operations} />}
        {!open && id !== undefined && (
          <EmptyState
            title={`There is no operation “${id}”`}
            action={
              <ButtonLink to="/api/docs" variant="default">
                All operations
              </ButtonLink>
            }
          >
            It may be mistyped, or be gone with a new version.
          </EmptyState>
        )}
      </div>
    </div>
  );
}
