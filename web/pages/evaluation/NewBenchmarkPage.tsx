import { Box } from "@mantine/core";
import { setUpBenchmark } from "../../../modules/evaluation/contract.ts";
import { BenchmarkForm } from "../../forms/evaluation/BenchmarkForm.tsx";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";

export function NewBenchmarkPage() {
  const organization = useOrganization();
  const above = (
    <AnchorLink to="/$organization/benchmarks" params={{ organization: organization.slug }} size="sm">
      Benchmarks
    </AnchorLink>
  );
  return (
    <Page title="New benchmark" above={above}>
      {may(organization, setUpBenchmark) ? (
        <Box maw={640}>
          <BenchmarkForm organization={organization.slug} />
        </Box>
      ) : (
        <EmptyState title="Your roles don't include this">
          Ask an administrator of {organization.name} to set up the benchmark.
        </EmptyState>
      )}
    </Page>
  );
}
