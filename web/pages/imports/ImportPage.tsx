import { Alert, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { LINE_COLUMN, readImport } from "../../../modules/imports/contract.ts";
import { readTask } from "../../../modules/tasks/tasks-contract.ts";
import { formatBytes, formatCountOf } from "../../lib/format.ts";
import { type Import, importQuery, isOver } from "../../lib/import-queries.ts";
import { wordsOf } from "../../lib/import-wish.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { statusOf } from "../../lib/problem.ts";
import { Ago } from "../../ui/Ago.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Grid } from "../../ui/Part.tsx";
import { RowErrors } from "../../ui/RowErrors.tsx";
import { Section } from "../../ui/Section.tsx";
import { ImportActions } from "./ImportActions.tsx";
import { ImportProgress } from "./ImportProgress.tsx";
import { FORMAT_WORDS, rowsInWords, STATE_WORDS } from "./import-words.ts";

/** One import, which is followed as it goes on. */
export function ImportPage() {
  const organization = useOrganization();
  const { import: id } = useParams({ from: "/$organization/import/$import" });
  const mayRead = may(organization, readImport);
  const load = useQuery({ ...importQuery({ organization: organization.slug, import: id }), enabled: mayRead });
  const above = (
    <AnchorLink to="/$organization/import" params={{ organization: organization.slug }} size="sm">
      Imports
    </AnchorLink>
  );
  if (!mayRead || (load.data === undefined && [400, 404].includes(statusOf(load.error) ?? 0)))
    return (
      <Page title="Import" above={above}>
        <EmptyState title={mayRead ? "There is no such import" : "Your roles don't include imports"}>
          {mayRead
            ? "Its address may be wrong, or you may not see what it was for."
            : `Ask an administrator of ${organization.name} for access.`}
        </EmptyState>
      </Page>
    );
  return (
    <Page title={load.data ? `Import into ${wordsOf(load.data.noun)}` : "Import"} above={above}>
      <Loaded query={load}>
        {(data) => (
          <Stack gap="lg">
            <Now load={data} organization={organization} />
            <ImportActions organization={organization} load={data} />
            {data.errors.length > 0 && <Errors load={data} />}
            <Source load={data} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

/** How it is at the moment. */
function Now({ load, organization }: { load: Import; organization: Organization }) {
  const { state, reason, format, bytes, created_at, task_id } = load;
  return (
    <Stack gap="xs">
      <Text fw={600} role="status">
        {[STATE_WORDS[state], rowsInWords(load)].filter(Boolean).join(": ")}
      </Text>
      <ImportProgress load={load} />
      {reason && (
        <Alert color="red" title={state === "failed" ? "Nothing more was taken in" : "It says"}>
          <Text size="sm" dir="auto" style={{ overflowWrap: "anywhere" }}>
            {reason}
          </Text>
        </Alert>
      )}
      <Text size="sm" c="dimmed">
        {FORMAT_WORDS[format]}, {formatBytes(bytes)} · begun <Ago at={created_at} />
        {task_id && !isOver(load) && may(organization, readTask) && (
          <>
            {" · "}
            <AnchorLink
              to="/$organization/tasks/$task"
              params={{ organization: organization.slug, task: task_id }}
              size="sm"
            >
              its task
            </AnchorLink>
          </>
        )}
      </Text>
    </Stack>
  );
}

function Errors({ load: { errors, errors_total, rows, on_error } }: { load: Import }) {
  const total = errors_total + rows.kept;
  const description =
    on_error === "stop" ? "One wrong row keeps all from being taken in." : "These rows were left out.";
  return (
    <Section
      title={rows.kept > 0 ? "What was wrong, and what was kept" : formatCountOf(errors_total, "error")}
      description={rows.kept > 0 ? "Rows that somebody changed since, or that others name, stay." : description}
    >
      <RowErrors label="Errors" errors={errors} total={total} />
    </Section>
  );
}

/** Where the columns came from. */
function Source({ load: { mapping, constants, key, on_error } }: { load: Import }) {
  const mapped = Object.entries(mapping).map(([name, from]) => [name, from === LINE_COLUMN ? "The line" : from]);
  const constant = Object.entries(constants).map(([name, value]) => [name, `Always ${JSON.stringify(value)}`]);
  const rows = [...mapped, ...constant].map(([name = "", from]) => ({ key: name, cells: [wordsOf(name), from] }));
  return (
    <Section
      title="Columns"
      description={[
        key.length > 0 ? `Rows that are there were told apart by ${key.map(wordsOf).join(", ")}.` : "All rows are new.",
        on_error === "stop" ? "All rows or none." : "Wrong rows are left out.",
      ].join(" ")}
    >
      <Grid label="Columns" heads={["Column", "Comes from"]} rows={rows} />
    </Section>
  );
}
