import { Blockquote, Button, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { signOut } from "../../../modules/identity/contract.ts";
import { acceptInvitation, previewInvitation } from "../../../modules/organizations/invitations-contract.ts";
import { InvitedSignUpForm } from "../../forms/identity/InvitedSignUpForm.tsx";
import { call } from "../../lib/api.ts";
import { visitorQuery } from "../../lib/queries.ts";
import { useMailToken } from "../../lib/token.ts";
import { DoorPage } from "../../ui/DoorPage.tsx";
import { Loaded, Loading } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";

type Preview = {
  organization: { name: string };
  email: string;
  inviter: string | null;
  message: string | null;
  roles: string[];
  has_account: boolean;
};

/** Where an invitation's link leads: joins with one click, with an account that is made here, or after signing in. */
export function InvitationPage() {
  const token = useMailToken() || sessionStorage.getItem(KEPT) || "";
  const preview = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => call(previewInvitation, { body: { token } }, { signal }),
    enabled: token !== "",
    retry: false,
  });
  if (token === "")
    return (
      <DoorPage title="Invitation">
        <Stack gap="md" align="flex-start">
          <Text>Open the link in the mail: it holds what this page needs.</Text>
          <AnchorLink to="/" size="sm">
            Your organizations
          </AnchorLink>
        </Stack>
      </DoorPage>
    );
  // Signing in goes through another page; the token waits in this tab for the way back.
  sessionStorage.setItem(KEPT, token);
  return (
    <DoorPage title="Invitation">
      <Loaded query={preview}>{(data) => <Invitation preview={data} token={token} />}</Loaded>
    </DoorPage>
  );
}

const KEPT = "invitation";

function Invitation({ preview, token }: { preview: Preview; token: string }) {
  const { organization, inviter, message, email, roles } = preview;
  return (
    <Stack gap="md">
      <Text dir="auto" style={{ overflowWrap: "anywhere" }}>
        {inviter ?? "Somebody"} invites you to <b>{organization.name}</b> as {roles.join(", ")}.
      </Text>
      {message && (
        <Blockquote p="md" fz="md" dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {message}
        </Blockquote>
      )}
      <Answer preview={preview} token={token} email={email} />
    </Stack>
  );
}

function Answer({ preview, token, email }: { preview: Preview; token: string; email: string }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const me = useQuery(visitorQuery);
  const leaving = useMutation({
    mutationFn: () => call(signOut, {}),
    onSuccess: () => queryClient.resetQueries(),
  });
  const arrive = async ({ slug }: { slug: string }) => {
    sessionStorage.removeItem(KEPT);
    queryClient.clear();
    await navigate({ to: "/$organization", params: { organization: slug } });
  };
  const acceptance = useMutation({
    mutationFn: () => call(acceptInvitation, { body: { token } }),
    onSuccess: arrive,
  });
  if (me.isPending) return <Loading />;
  if (me.error) return <ProblemAlert error={me.error} onRetry={() => me.refetch()} />;
  if (me.data && me.data.email.toLowerCase() !== email.toLowerCase())
    return (
      <>
        <Text>
          It is for {email}, but you are signed in as {me.data.email}.
        </Text>
        {leaving.error && <ProblemAlert error={leaving.error} />}
        <Button variant="default" onClick={() => leaving.mutate()} loading={leaving.isPending}>
          Sign out and go on
        </Button>
        <AnchorLink to="/" size="sm">
          Stay signed in
        </AnchorLink>
      </>
    );
  if (!me.data && !preview.has_account) return <InvitedSignUpForm token={token} email={email} onJoined={arrive} />;
  if (!me.data)
    return (
      <>
        <Text>You have an account as {email}. Sign in, and you come back here.</Text>
        <ButtonLink to="/sign-in" search={{ to: "/invitation" }}>
          Sign in
        </ButtonLink>
      </>
    );
  return (
    <>
      {acceptance.error && <ProblemAlert error={acceptance.error} />}
      <Button onClick={() => acceptance.mutate()} loading={acceptance.isPending}>
        Join {preview.organization.name}
      </Button>
      <AnchorLink to="/" size="sm">
        Not now
      </AnchorLink>
    </>
  );
}
