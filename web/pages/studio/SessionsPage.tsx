import { Button, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { browseSessions, startSession, WHICH_SESSIONS } from "../../../modules/studio/contract.ts";
import { NewSessionForm } from "../../forms/studio/NewSessionForm.tsx";
import { tags as allTags } from "../../lib/nouns.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { type SessionFilter, sessionsQuery } from "../../lib/studio-queries.ts";
import { tagsQuery } from "../../lib/tag-queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Page } from "../../ui/Page.tsx";
import { Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { SessionRow } from "./SessionRow.tsx";
import { WHICH_WORDS } from "./words.ts";

const SEARCH_REST_MS = 250;

/** The studio sessions that are open to somebody. */
export function SessionsPage() {
  const organization = useOrganization();
  const navigate = useNavigate();
  const { which = "open", search, tag } = useSearch({ from: "/$organization/studio" });
  const filter = { which, search: search || undefined, tag };
  const sessions = useQuery({
    ...sessionsQuery(organization.slug, filter),
    enabled: may(organization, browseSessions),
  });
  const [isMaking, setMaking] = useState(false);
  if (!may(organization, browseSessions))
    return (
      <Page title="Studio">
        <EmptyState title="Your roles don't include the studio">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  const mayMake = may(organization, startSession);
  const button = mayMake && !isMaking && <Button onClick={() => setMaking(true)}>New session</Button>;
  return (
    <Page title="Studio" description="Solutions, worked out with customers" actions={button}>
      <Stack gap="lg">
        {isMaking && (
          <Section
            title="New session"
            actions={
              <Button size="xs" variant="default" onClick={() => setMaking(false)}>
                Close
              </Button>
            }
          >
            <NewSessionForm
              organization={organization.slug}
              onMade={({ id }) =>
                navigate({
                  to: "/$organization/studio/$session/structuring",
                  params: { organization: organization.slug, session: id },
                })
              }
            />
          </Section>
        )}
        <Filters organization={organization} filter={filter} />
        <Loaded query={sessions}>
          {(items) =>
            items.length === 0 ? (
              <Nothing filter={filter} mayMake={mayMake} />
            ) : (
              <Rows label="Sessions">
                {items.map((session) => (
                  <SessionRow key={session.id} organization={organization} session={session} />
                ))}
              </Rows>
            )
          }
        </Loaded>
      </Stack>
    </Page>
  );
}

function Nothing({ filter, mayMake }: { filter: SessionFilter; mayMake: boolean }) {
  if (filter.search || filter.tag)
    return <EmptyState title="Nothing found">No session has these words and this tag.</EmptyState>;
  if (filter.which === "bin")
    return <EmptyState title="The bin is empty">What you put away can be taken out.</EmptyState>;
  return (
    <EmptyState title="No session yet">
      {mayMake
        ? "Begin one: write down the problem, the goals and who they matter to. It is saved while you write."
        : "Sessions that somebody shares with you are found here."}
    </EmptyState>
  );
}

function Filters({ organization, filter }: { organization: Organization; filter: SessionFilter }) {
  const navigate = useNavigate();
  const tags = useQuery({ ...tagsQuery(organization.slug), enabled: may(organization, allTags.list) });
  const show = (change: Partial<SessionFilter>) =>
    navigate({
      to: "/$organization/studio",
      params: { organization: organization.slug },
      search: (known) => ({ ...known, ...change }),
      replace: true,
    });
  const find = useDebouncedCallback((search: string) => show({ search: search || undefined }), SEARCH_REST_MS);
  const seesAll = organization.permissions.includes("studio.session.manage");
  const choices = WHICH_SESSIONS.filter((which) => which !== "all" || seesAll);
  return (
    <Stack gap="sm" component="search" style={{ flexFlow: "row wrap" }}>
      <NativeSelect
        label="Show"
        flex="1 1 140px"
        maw={220}
        data={choices.map((value) => ({ value, label: WHICH_WORDS[value] }))}
        value={filter.which}
        onChange={({ currentTarget }) => show({ which: currentTarget.value as SessionFilter["which"] })}
      />
      <TextInput
        label="Search"
        type="search"
        flex="1 1 200px"
        maw={360}
        placeholder="Title or customer"
        defaultValue={filter.search ?? ""}
        onChange={({ currentTarget }) => find(currentTarget.value)}
      />
      {tags.data && (
        <NativeSelect
          label="Tag"
          flex="1 1 140px"
          maw={220}
          data={[{ value: "", label: "Any" }, ...tags.data.map(({ id, name }) => ({ value: id, label: name }))]}
          value={filter.tag ?? ""}
          onChange={({ currentTarget }) => show({ tag: currentTarget.value || undefined })}
        />
      )}
    </Stack>
  );
}
