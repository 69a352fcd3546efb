import { Text } from "@mantine/core";
import { useState } from "react";
import { resetPassword } from "../../../modules/identity/contract.ts";
import { ForgottenPasswordForm } from "../../forms/identity/ForgottenPasswordForm.tsx";
import { NewPasswordForm } from "../../forms/identity/NewPasswordForm.tsx";
import { call } from "../../lib/api.ts";
import { useMailToken } from "../../lib/token.ts";
import { DoorPage } from "../../ui/DoorPage.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Told } from "../../ui/Told.tsx";

/** Asks for the mail; opened by the link in that mail, asks for the new password. */
export function ResetPasswordPage() {
  const token = useMailToken();
  return token === "" ? <ForgottenPassword /> : <NewPassword key={token} token={token} />;
}

function ForgottenPassword() {
  const [sentTo, setSentTo] = useState<string>();
  return (
    <DoorPage title="Forgotten password" below={<BackToSignIn />}>
      {sentTo === undefined ? (
        <ForgottenPasswordForm onSent={setSentTo} />
      ) : (
        <Told title="Look into your mail">
          If {sentTo} has an account here, a link to set a new password is on its way. It works for an hour.
        </Told>
      )}
    </DoorPage>
  );
}

function NewPassword({ token }: { token: string }) {
  const [isDone, setDone] = useState(false);
  return (
    <DoorPage title="New password" below={<BackToSignIn />}>
      {isDone ? (
        <Told title="The password is set">You are signed out everywhere. Sign in with the new one.</Told>
      ) : (
        <NewPasswordForm
          label="New password"
          submitLabel="Set the password"
          send={(password) => call(resetPassword, { body: { token, password } })}
          onDone={() => setDone(true)}
        />
      )}
    </DoorPage>
  );
}

function BackToSignIn() {
  return (
    <Text size="sm">
      <AnchorLink to="/sign-in">Sign in</AnchorLink>
    </Text>
  );
}
