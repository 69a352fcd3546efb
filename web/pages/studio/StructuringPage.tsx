import { Grid, Stack } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { addressOf } from "../../../client/address.ts";
import { browseSessions, followSession, type Session } from "../../../modules/studio/contract.ts";
import type { Saved } from "../../lib/draft.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { statusOf } from "../../lib/problem.ts";
import { meQuery } from "../../lib/queries.ts";
import { type SessionPlace, sessionKey, sessionQuery, structuringQuery } from "../../lib/studio-queries.ts";
import { useEvents } from "../../lib/use-changes.ts";
import { useDraft } from "../../lib/use-draft.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded, Loading } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Conflicts } from "./Conflicts.tsx";
import { Exports } from "./Exports.tsx";
import { History } from "./History.tsx";
import { People } from "./People.tsx";
import { SaveStatus } from "./SaveStatus.tsx";
import { SessionDetails } from "./SessionDetails.tsx";
import { Shares } from "./Shares.tsx";
import { StructuringFields } from "./StructuringFields.tsx";
import { StructuringText } from "./StructuringText.tsx";

const isOfStudio = () => true;

/** The section of a session in which a problem and its solution are structured. */
export function StructuringPage() {
  const organization = useOrganization();
  const { session: id } = useParams({ from: "/$organization/studio/$session/structuring" });
  const place = { organization: organization.slug, session: id };
  const session = useQuery({ ...sessionQuery(place), enabled: may(organization, browseSessions) });
  const above = (
    <AnchorLink to="/$organization/studio" params={{ organization: organization.slug }} size="sm">
      Studio
    </AnchorLink>
  );
  if (!may(organization, browseSessions) || statusOf(session.error) === 404)
    return (
      <Page title="Session" above={above}>
        <EmptyState
          title={may(organization, browseSessions) ? "There is no such session" : "Your roles don't include the studio"}
        >
          {may(organization, browseSessions)
            ? "It may be in the bin, or not be shared with you any more."
            : `Ask an administrator of ${organization.name} for access.`}
        </EmptyState>
      </Page>
    );
  return (
    <Loaded query={session}>
      {(data) => <SessionView key={data.id} place={place} session={data} above={above} />}
    </Loaded>
  );
}

type ViewProps = { place: SessionPlace; session: Session; above: React.ReactNode };

function SessionView({ place, session, above }: ViewProps) {
  useEvents(addressOf(followSession, { params: place, query: {} as never }), isOfStudio, sessionKey(place.session));
  const saved = useQuery(structuringQuery(place));
  const about = [session.client_name && `For ${session.client_name}`, `by ${session.owner.name}`].filter(Boolean);
  return (
    <Page title={session.title} above={above} description={about.join(" · ")} wide>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Loaded query={saved}>
            {(document) =>
              session.access === "read" ? (
                <StructuringText content={document.content} />
              ) : (
                <Editor place={place} saved={document} />
              )
            }
          </Loaded>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <SessionDetails place={place} session={session} />
            <Exports place={place} mayMake={session.access !== "read"} />
            {session.access !== "read" && <Shares place={place} title={session.title} />}
            {session.access === "own" && <People place={place} session={session} />}
            <History place={place} mayWrite={session.access !== "read"} now={saved.data?.content} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Editor({ place, saved }: { place: SessionPlace; saved: Saved }) {
  const { data: me } = useSuspenseQuery(meQuery);
  const open = useDraft(place, me.user_id, saved);
  if (!open) return <Loading />;
  const { draft, state } = open;
  return (
    <Stack gap="lg">
      <SaveStatus state={state} onRetry={() => void draft.flush()} />
      <Conflicts conflicts={state.conflicts} onChoose={draft.choose} />
      <StructuringFields content={state.content} error={state.error} onChange={draft.edit} />
    </Stack>
  );
}
