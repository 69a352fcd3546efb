import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { statusOf } from "./problem.ts";

const FRESH_MS = 10_000;
const RETRIES_MAX = 2;
const SIGNED_OUT = 401;

/** Makes the cache of everything that came from the server. `onSignedOut` is called when the session has ended. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (statusOf(error) === SIGNED_OUT) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // "always": a call without a network fails and says so, instead of waiting in silence.
      queries: {
        networkMode: "always",
        staleTime: FRESH_MS,
        retry: (failures, error) => failures < RETRIES_MAX && mayPass(error),
      },
      mutations: { networkMode: "always" },
    },
  });
}

/** Whether the same call may succeed a moment later. */
function mayPass(error: unknown): boolean {
  const status = statusOf(error);
  return status === 0 || (status !== undefined && status >= 500);
}
