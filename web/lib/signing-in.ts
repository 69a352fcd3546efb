import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { finishSignIn, signInWithPasskey } from "../../modules/identity/factors-contract.ts";
import { call } from "./api.ts";
import { showPasskey } from "./passkeys.ts";

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

/** Signs in with a passkey, or finishes the sign-in that is `pending` with one: the browser asks the person which. */
export function usePasskeySignIn(pending?: string) {
  const arrive = useArrival();
  return useMutation({
    mutationFn: async () => {
      const passkey = await showPasskey();
      return pending === undefined
        ? call(signInWithPasskey, { body: { ...passkey, as: "browser" } })
        : call(finishSignIn, { body: { pending, passkey, as: "browser" } });
    },
    onSuccess: arrive,
  });
}
