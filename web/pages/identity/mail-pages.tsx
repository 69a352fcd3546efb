import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { confirmEmailChange, restoreAccount, unlock } from "../../../modules/identity/contract.ts";
import { call } from "../../lib/api.ts";
import { AnchorLink } from "../../ui/links.tsx";
import { Told } from "../../ui/Told.tsx";
import { MailTokenPage } from "./MailTokenPage.tsx";

export function UnlockPage() {
  const mutation = useMutation({ mutationFn: (token: string) => call(unlock, { body: { token } }) });
  return (
    <MailTokenPage
      title="Unlock your account"
      explanation="Somebody tried many passwords. If that was not you, set a new password after this."
      button="Unlock"
      mutation={mutation}
      done={<Told title="Unlocked">You can sign in again.</Told>}
      again={
        <AnchorLink to="/reset-password" size="sm">
          Set a new password
        </AnchorLink>
      }
    />
  );
}

export function EmailChangePage() {
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: (token: string) => call(confirmEmailChange, { body: { token } }),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  return (
    <MailTokenPage
      title="New address"
      explanation="From now on you sign in with this address."
      button="Confirm my new address"
      mutation={mutation}
      done={<Told title="The address is changed">Mail to you goes there now.</Told>}
    />
  );
}

export function RestorePage() {
  const mutation = useMutation({ mutationFn: (token: string) => call(restoreAccount, { body: { token } }) });
  return (
    <MailTokenPage
      title="Restore your account"
      explanation="Everything is still there. One click brings it back."
      button="Restore my account"
      mutation={mutation}
      done={
        <Told title="Your account is back">
          <Text size="sm">You can sign in again.</Text>
        </Told>
      }
    />
  );
}
