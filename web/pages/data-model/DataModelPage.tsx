import { Box } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import type { DomainSummary } from "../../../kernel/data-model/contract.ts";
import { formatCountOf } from "../../lib/format.ts";
import { modelQuery } from "../../lib/queries.ts";
import classes from "../../ui/Browse.module.css";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { DomainList } from "./DomainList.tsx";
import { ModelSearch } from "./ModelSearch.tsx";

/** The tables of the running database: what each holds, how they hang together, and who may do what with them. */
export function DataModelPage() {
  const model = useQuery(modelQuery);
  const above = (
    <AnchorLink to="/account" size="sm">
      Your account
    </AnchorLink>
  );
  return (
    <Box component="main" p={{ base: "md", sm: "xl" }}>
      <Page title="Data model" above={above} description={describe(model.data?.domains)} wide>
        <Loaded query={model}>
          {({ domains }) => (
            <div className={classes.page}>
              <div className={classes.side}>
                <ModelSearch domains={domains}>
                  <DomainList domains={domains} />
                </ModelSearch>
              </div>
              <div className={classes.content}>
                <Outlet />
              </div>
            </div>
          )}
        </Loaded>
      </Page>
    </Box>
  );
}

function describe(domains: DomainSummary[] | undefined): string {
  if (!domains) return "As it is in the database now.";
  const count = domains.reduce((sum, { tables }) => sum + tables.length, 0);
  return `${formatCountOf(count, "table")} and views in ${formatCountOf(domains.length, "domain")}, as they are in the database now, without any rows.`;
}
