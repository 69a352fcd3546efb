import { Badge, Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  binSession,
  duplicateSession,
  type Session,
  startSession,
  takeOutSession,
} from "../../../modules/studio/contract.ts";
import { call } from "../../lib/api.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { sessionsKey } from "../../lib/studio-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row } from "../../ui/Row.tsx";

type Props = { organization: Organization; session: Session };

/** A session in the list, and what can be done with it as a whole. */
export function SessionRow({ organization, session }: Props) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { slug } = organization;
  const params = { organization: slug, session: session.id };
  const onSettled = () => queryClient.invalidateQueries({ queryKey: sessionsKey(slug) });
  const binning = useMutation({ mutationFn: () => call(binSession, { params }), onSettled });
  const takingOut = useMutation({ mutationFn: () => call(takeOutSession, { params }), onSettled });
  const copying = useMutation({
    mutationFn: () => {
      const title = session.is_template ? session.title : `Copy of ${session.title}`.slice(0, 300);
      return call(duplicateSession, { params, body: { title } });
    },
    onSuccess: ({ id }) =>
      navigate({ to: "/$organization/studio/$session/structuring", params: { organization: slug, session: id } }),
    onSettled,
  });
  const error = binning.error ?? takingOut.error ?? copying.error;
  const isBinned = session.deleted_at !== null;
  const title = isBinned ? (
    session.title
  ) : (
    <AnchorLink to="/$organization/studio/$session/structuring" params={params} fw={600}>
      {session.title}
    </AnchorLink>
  );
  return (
    <>
      <Row title={title} about={<About session={session} />}>
        {isBinned && (
          <Button
            size="xs"
            variant="default"
            aria-label={`Take out: ${session.title}`}
            loading={takingOut.isPending}
            onClick={() => takingOut.mutate()}
          >
            Take out
          </Button>
        )}
        {!isBinned && may(organization, startSession) && (
          <Button
            size="xs"
            variant="default"
            aria-label={`${session.is_template ? "Use" : "Duplicate"}: ${session.title}`}
            loading={copying.isPending}
            onClick={() => copying.mutate()}
          >
            {session.is_template ? "Use" : "Duplicate"}
          </Button>
        )}
        {!isBinned && session.access === "own" && (
          <ConfirmButton
            label="Put away"
            of={session.title}
            question="Put it into the bin?"
            isPending={binning.isPending}
            onConfirm={() => binning.mutate()}
          />
        )}
      </Row>
      {error && <ProblemAlert error={error} />}
    </>
  );
}

function About({ session }: { session: Session }) {
  const words = [session.client_name && `For ${session.client_name}`, session.owner.name].filter(Boolean).join(" · ");
  return (
    <Group component="span" gap={6}>
      <span>
        {words} · <Ago at={session.touched_at} />
      </span>
      {session.is_template && (
        <Badge component="span" size="sm" variant="outline" tt="none">
          Template
        </Badge>
      )}
      {session.tags.map(({ id, name }) => (
        <Badge component="span" key={id} size="sm" variant="light" tt="none">
          {name}
        </Badge>
      ))}
    </Group>
  );
}
