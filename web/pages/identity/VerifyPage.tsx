import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { confirmSignUp } from "../../../modules/identity/contract.ts";
import { NewPasswordForm } from "../../forms/identity/NewPasswordForm.tsx";
import { call } from "../../lib/api.ts";
import { useMailToken } from "../../lib/token.ts";
import { DoorPage } from "../../ui/DoorPage.tsx";
import { AnchorLink } from "../../ui/links.tsx";

/** Proves the address of a sign-up, and takes the password: the account and its organization are made, and the person is inside. */
export function VerifyPage() {
  const token = useMailToken();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const arrive = async ({ slug }: { slug: string }) => {
    queryClient.clear();
    await navigate({ to: "/$organization", params: { organization: slug } });
  };
  return (
    <DoorPage
      title="Almost done"
      description={token && "Choose a password, and your account is ready."}
      below={
        <Text size="sm">
          <AnchorLink to="/sign-up">Create an account</AnchorLink> or <AnchorLink to="/sign-in">sign in</AnchorLink>
        </Text>
      }
    >
      {token === "" ? (
        <Text>Open the link in the mail: it holds what this page needs.</Text>
      ) : (
        <NewPasswordForm
          key={token}
          label="Password"
          submitLabel="Create my account"
          send={(password) => call(confirmSignUp, { body: { token, password } })}
          onDone={arrive}
        />
      )}
    </DoorPage>
  );
}
