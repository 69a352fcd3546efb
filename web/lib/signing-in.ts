import { type PublicKeyCredentialRequestOptionsJSON, startAuthentication } from "@simplewebauthn/browser";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { signInWithPasskey, startPasskeySignIn } from "../../modules/identity/factors-contract.ts";
import { call } from "./api.ts";

/** Goes to where the person wanted to go before they were asked to sign in. Nothing of an earlier session is kept. */
export function useArrival(): () => void {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { to = "/" } = useSearch({ strict: false }) as { to?: string };
  return () => {
    queryClient.clear();
    router.history.push(to);
  };
}

/** Signs in with a passkey: the browser asks the person which one. */
export function usePasskeySignIn() {
  const arrive = useArrival();
  return useMutation({
    mutationFn: async () => {
      const { options, challenge } = await call(startPasskeySignIn, {});
      const response = await startAuthentication({
        optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON,
      });
      return call(signInWithPasskey, { body: { challenge, response, as: "browser" } });
    },
    onSuccess: arrive,
  });
}
