import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { acceptMyInvitation } from "../../../modules/organizations/invitations-contract.ts";
import { joinOrganization } from "../../../modules/organizations/joining-contract.ts";
import { call } from "../../lib/api.ts";
import { joinableQuery, meQuery, ownInvitationsQuery } from "../../lib/queries.ts";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";

/** Organizations that the person could be in: invited to, or open to their mail domain. Shows nothing while there are none. */
export function Openings() {
  const invitations = useQuery(ownInvitationsQuery);
  const joinable = useQuery(joinableQuery);
  const answered = useAnswered();
  const accepting = useMutation({
    mutationFn: (invitation: string) => call(acceptMyInvitation, { params: { invitation } }),
    onSuccess: answered,
  });
  const joining = useMutation({
    mutationFn: (organization: string) => call(joinOrganization, { params: { organization } }),
    onSuccess: answered,
  });
  const invited = invitations.data?.items ?? [];
  const open = joinable.data?.items ?? [];
  if (invited.length + open.length === 0) return null;
  const error = accepting.error ?? joining.error;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        Waiting for you
      </Title>
      {error && <ProblemAlert error={error} />}
      {invited.map(({ id, organization, inviter }) => (
        <Opening
          key={id}
          name={organization.name}
          reason={`${inviter ?? "Somebody"} invites you.`}
          button="Join"
          isPending={accepting.isPending}
          onTake={() => accepting.mutate(id)}
        />
      ))}
      {open.map(({ slug, name, mode, is_requested: requested }) => (
        <Opening
          key={slug}
          name={name}
          reason={requested ? "You asked to join. An administrator decides." : "Open to people with your mail domain."}
          button={requested ? undefined : mode === "join" ? "Join" : "Ask to join"}
          isPending={joining.isPending}
          onTake={() => joining.mutate(slug)}
        />
      ))}
    </Stack>
  );
}

function useAnswered() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [meQuery, ownInvitationsQuery, joinableQuery].map(({ queryKey }) => queryClient.invalidateQueries({ queryKey })),
    );
}

type Props = { name: string; reason: string; button: string | undefined; isPending: boolean; onTake: () => void };

function Opening({ name, reason, button, isPending, onTake }: Props) {
  return (
    <Paper withBorder p="md">
      <Group justify="space-between">
        <Stack gap={0} miw={0}>
          <Text fw={600} dir="auto">
            {name}
          </Text>
          <Text size="sm" c="dimmed">
            {reason}
          </Text>
        </Stack>
        {button && (
          <Button onClick={onTake} loading={isPending} aria-label={`${button}: ${name}`}>
            {button}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
