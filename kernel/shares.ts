import { Problem } from "./errors.ts";

const RETRY_AFTER_SECONDS = 30;

/** Places that organizations share, of one process. */
export type Shares = {
  /** Takes a place for an organization; the function that it returns gives it back. Throws too_busy. */
  take(organization: string): () => void;
};

/**
 * Opens so many places. An organization takes at most half of what the others leave, so that however many it would take there is one for the
 * next who comes. `name` says what they are for, in the plural.
 */
export function openShares({ name, places }: { name: string; places: number }): Shares {
  const held = new Map<string, number>();
  let taken = 0;
  return {
    take: (organization) => {
      const own = held.get(organization) ?? 0;
      const left = places - (taken - own);
      if (own >= left / 2)
        throw new Problem("too_busy", {
          detail:
            own > 0
              ? `Your organization has ${own} ${name} under way already.`
              : `Too many ${name} are under way at present.`,
          hint: "Wait until one is over, or end what is not needed.",
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      held.set(organization, own + 1);
      taken += 1;
      return once(() => {
        taken -= 1;
        const rest = (held.get(organization) ?? 1) - 1;
        if (rest > 0) held.set(organization, rest);
        else held.delete(organization);
      });
    },
  };
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}
