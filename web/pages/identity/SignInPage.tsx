import { Alert, Anchor, Button, Divider, Group, Stack, Text } from "@mantine/core";
import { browserSupportsWebAuthn } from "@simplewebauthn/browser";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { SecondFactorForm } from "../../forms/identity/SecondFactorForm.tsx";
import { SignInForm } from "../../forms/identity/SignInForm.tsx";
import { providersQuery } from "../../lib/queries.ts";
import { usePasskeySignIn } from "../../lib/signing-in.ts";
import { useMailToken } from "../../lib/token.ts";
import { DoorPage } from "../../ui/DoorPage.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { PasskeyButton } from "../../ui/PasskeyButton.tsx";
import { PROVIDER_PROBLEMS } from "./provider-problems.ts";

const PENDING = "pending=";

/** A provider that wants a second factor leads back here with the sign-in that is under way behind the `#`. */
export function SignInPage() {
  const token = useMailToken();
  const underWay = token.startsWith(PENDING) ? token.slice(PENDING.length) : "";
  return <SignIn key={underWay} underWay={underWay} />;
}

function SignIn({ underWay }: { underWay: string }) {
  const [pending, setPending] = useState(underWay);
  if (pending !== "")
    return (
      <DoorPage
        title="Second factor"
        description="So far, so good. One more thing."
        below={
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => setPending("")}
            style={{ alignSelf: "start" }}
          >
            Start again
          </Anchor>
        }
      >
        <SecondFactorForm pending={pending} />
      </DoorPage>
    );
  return (
    <DoorPage
      title="Sign in"
      below={
        <Group justify="space-between">
          <AnchorLink to="/sign-up" size="sm">
            Create an account
          </AnchorLink>
          <AnchorLink to="/reset-password" size="sm">
            Forgotten password
          </AnchorLink>
        </Group>
      }
    >
      <Stack gap="lg">
        <ProviderProblem />
        <SignInForm onSecondFactor={setPending} />
        <OtherWays />
      </Stack>
    </DoorPage>
  );
}

function ProviderProblem() {
  const { problem } = useSearch({ from: "/sign-in" });
  if (problem === undefined) return null;
  return (
    <Alert color="red" role="alert" title="That did not work">
      <Text size="sm">{PROVIDER_PROBLEMS[problem] ?? "The provider did not let you in. Try again."}</Text>
    </Alert>
  );
}

function OtherWays() {
  const { to = "/" } = useSearch({ from: "/sign-in" });
  const providers = useQuery(providersQuery);
  const passkey = usePasskeySignIn();
  if (!browserSupportsWebAuthn() && !providers.data?.length) return null;
  return (
    <Stack gap="sm">
      <Divider label="or" />
      <PasskeyButton label="Sign in with a passkey" mutation={passkey} />
      {providers.data?.map(({ name, label }) => (
        <Button
          key={name}
          variant="default"
          component="a"
          href={`/api/session/providers/${encodeURIComponent(name)}/start?${new URLSearchParams({ to })}`}
        >
          Sign in with {label}
        </Button>
      ))}
    </Stack>
  );
}
