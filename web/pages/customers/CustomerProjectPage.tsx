import { Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { addressOf } from "../../../client/address.ts";
import { listComments } from "../../../modules/labeling/comments-contract.ts";
import { type CustomerResult, downloadCustomerResults } from "../../../modules/labeling/customer-contract.ts";
import { customerProjectQuery, customerResultsQuery } from "../../lib/labeling-queries.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import type { ProjectPlace } from "../../lib/queries.ts";
import { Loaded, Loading } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Section } from "../../ui/Section.tsx";
import { Comments } from "../labeling/Comments.tsx";
import { ApprovedProgress } from "./ApprovedProgress.tsx";
import classes from "./Results.module.css";

const FORMATS = [
  ["csv", "CSV"],
  ["jsonl", "JSON lines"],
] as const;

/** A project for its customer: how far it is, and the approved labels. */
export function CustomerProjectPage() {
  const place = useParams({ from: "/$organization/results/$project" });
  const project = useQuery(customerProjectQuery(place));
  const above = (
    <AnchorLink to="/$organization/results" params={{ organization: place.organization }} size="sm">
      Projects
    </AnchorLink>
  );
  return (
    <Page title={project.data?.name ?? "Project"} above={above}>
      <Loaded query={project}>
        {(data) => (
          <Stack gap="lg">
            <Section title="Progress">
              <ApprovedProgress project={data} />
            </Section>
            <Section title="Approved labels" actions={data.approved > 0 && <Downloads place={place} />}>
              <Results key={data.id} place={place} />
            </Section>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Downloads({ place }: { place: ProjectPlace }) {
  return FORMATS.map(([format, name]) => (
    <Button
      key={format}
      component="a"
      variant="default"
      size="xs"
      href={addressOf(downloadCustomerResults, { params: place, query: { format } })}
      download
    >
      Download {name}
    </Button>
  ));
}

function Results({ place }: { place: ProjectPlace }) {
  const organization = useOrganization();
  const results = useInfiniteQuery(customerResultsQuery(place));
  const items = results.data?.pages.flatMap((page) => page.items);
  if (!items) return results.error ? <ProblemAlert error={results.error} onRetry={results.refetch} /> : <Loading />;
  if (items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No label is approved yet. Each one appears here as soon as it is.
      </Text>
    );
  return (
    <Stack gap="md">
      <ul className={classes.results} aria-label="Approved labels">
        {items.map((result) => (
          <Result key={result.label_id} place={place} result={result} mayTalk={may(organization, listComments)} />
        ))}
      </ul>
      {results.error && <ProblemAlert error={results.error} onRetry={() => results.fetchNextPage()} />}
      {results.hasNextPage && (
        <Group>
          <Button variant="default" onClick={() => results.fetchNextPage()} loading={results.isFetchingNextPage}>
            More
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Result({ place, result, mayTalk }: { place: ProjectPlace; result: CustomerResult; mayTalk: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const { text, label, label_id, position } = result;
  return (
    <li className={classes.result}>
      <div className={classes.row}>
        <Text dir="auto" className={classes.text}>
          {text}
        </Text>
        <Text fw={600} dir="auto" className={classes.label}>
          {label}
        </Text>
        {mayTalk && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => setOpen(!isOpen)}
            aria-expanded={isOpen}
            aria-label={`Comments on text ${position}`}
          >
            Comments
          </Button>
        )}
      </div>
      {isOpen && <Comments organization={place.organization} label={label_id} />}
    </li>
  );
}
