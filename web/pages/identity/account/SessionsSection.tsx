import { Badge, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { AnswerOf } from "../../../../kernel/http/endpoint.ts";
import { type listSessions, revokeSession, revokeSessions } from "../../../../modules/identity/contract.ts";
import { useAccountChange } from "../../../lib/account.ts";
import { sessionsQuery } from "../../../lib/account-queries.ts";
import { call } from "../../../lib/api.ts";
import { nameDevice } from "../../../lib/device.ts";
import { formatMoment } from "../../../lib/format.ts";
import { Loaded } from "../../../ui/Loaded.tsx";
import { ProblemAlert } from "../../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../../ui/Row.tsx";
import { Section } from "../../../ui/Section.tsx";

type Session = AnswerOf<typeof listSessions>["items"][number];

const KINDS: Record<Session["kind"], string | undefined> = {
  browser: undefined,
  token: "a program",
  external: "by a token of another issuer",
  impersonation: "support",
};

/** Where the person is signed in. */
export function SessionsSection() {
  const sessions = useQuery(sessionsQuery);
  const one = useAccountChange((session: string) => call(revokeSession, { params: { session } }));
  const others = useAccountChange(() => call(revokeSessions, { query: {} }));
  const hasOthers = sessions.data?.items.some(({ current }) => !current);
  const all = hasOthers && (
    <Button variant="default" size="xs" onClick={() => others.mutate(undefined)} loading={others.isPending}>
      Sign out all others
    </Button>
  );
  const error = one.error ?? others.error;
  return (
    <Section
      title="Where you are signed in"
      description="Do you not know one? Sign it out, and change your password."
      actions={all}
    >
      {error && <ProblemAlert error={error} />}
      <Loaded query={sessions}>
        {({ items }) => (
          <Rows label="Sessions">
            {items.map((session) => (
              <SessionRow
                key={session.id}
                session={session}
                isPending={one.isPending && one.variables === session.id}
                onRevoke={() => one.mutate(session.id)}
              />
            ))}
          </Rows>
        )}
      </Loaded>
    </Section>
  );
}

type RowProps = { session: Session; isPending: boolean; onRevoke: () => void };

function SessionRow({ session, isPending, onRevoke }: RowProps) {
  const { device, address, last_seen_at, kind, current } = session;
  const name = nameDevice(device);
  const about = [KINDS[kind], address, `last used ${formatMoment(last_seen_at)}`].filter(Boolean).join(", ");
  return (
    <Row title={name} hint={device ?? undefined} about={about}>
      {current ? (
        <Badge variant="outline" color="gray" tt="none">
          This one
        </Badge>
      ) : (
        <Button
          variant="default"
          size="xs"
          aria-label={`Sign out: ${name}, ${about}`}
          loading={isPending}
          onClick={onRevoke}
        >
          Sign out
        </Button>
      )}
    </Row>
  );
}
