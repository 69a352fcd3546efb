import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useProof } from "./proof.ts";
import { meQuery } from "./queries.ts";

/**
 * A change of one's account: asks for a proof of identity where the server does, and then looks at the account anew. `onDone`
 * comes first.
 */
export function useAccountChange<Input, Answer>(
  change: (input: Input) => Promise<Answer>,
  onDone?: (answer: Answer, input: Input) => void,
) {
  const withProof = useProof();
  const refresh = useAccountRefresh();
  return useMutation({
    mutationFn: (input: Input) => withProof(() => change(input)),
    onSuccess: async (answer, input) => {
      onDone?.(answer, input);
      await refresh();
    },
  });
}

/** Looks anew at all that the page shows of the account. */
export function useAccountRefresh() {
  const queryClient = useQueryClient();
  return async () => {
    const keys = [["account"], meQuery.queryKey];
    await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  };
}
