import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Assignment, renewLease } from "../../modules/labeling/contract.ts";
import { call } from "./api.ts";
import { isNoLongerHeld } from "./assignment.ts";

const RENEW_MIN_MS = 10_000;
const RENEW_MAX_MS = 60_000;
/** Who has not labeled a text for so long has gone: it may go to somebody else. */
const HELD_MAX_MS = 30 * 60_000;

/** Goes on holding a text while it is before the labeler. Tells whether that has failed: somebody else may have it then. */
export function useLease(organization: string, { id, lease_expires_at }: Assignment): boolean {
  const [since] = useState(() => Date.now());
  const lease = useQuery({
    queryKey: ["lease", organization, id],
    queryFn: () => call(renewLease, { params: { organization, assignment: id } }),
    initialData: { lease_expires_at },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchIntervalInBackground: true,
    refetchInterval: ({ state }) => {
      const isOver = isNoLongerHeld(state.error) || Date.now() - since > HELD_MAX_MS;
      return isOver ? false : renewAfter(state.data?.lease_expires_at);
    },
  });
  return isNoLongerHeld(lease.error);
}

/** Half of the time that is left; bounded, as the clocks of browser and server may differ. */
function renewAfter(expiresAt: string | undefined): number {
  const left = expiresAt === undefined ? 0 : Date.parse(expiresAt) - Date.now();
  return Math.min(Math.max(left / 2, RENEW_MIN_MS), RENEW_MAX_MS);
}
