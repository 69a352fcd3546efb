import type { FastifyReply } from "fastify";
import type { LimitName, RateLimits } from "../config.ts";
import { Problem } from "../errors.ts";
import type { Credential } from "../tenancy/credential.ts";
import { MovedError } from "./entering.ts";
import { problemOf } from "./problem-document.ts";

const WINDOW_SECONDS = 60;
const BUCKETS_MAX = 50_000;
const WHO: Record<LimitName, string> = {
  key: "with this API key",
  person: "by you",
  organization: "in this organization",
};

/** What one caller may still send, as of a moment in ms. It fills up evenly, to the limit of a minute. */
type Bucket = { left: number; at: number };

/** Counts requests, in this process and in memory. */
export type RateLimiter = {
  /**
   * Does the work of a request and tells in its answer what is left. Throws too_many_requests, with the limit's name, where nothing is.
   * The ids of a token are only claimed, so what turns out to be nobody's counts for nobody.
   */
  within<T>(credential: Credential, slug: string | undefined, reply: FastifyReply, work: () => Promise<T>): Promise<T>;
};

/** Without limits nothing is counted. `now` tells the time in ms. */
export function openRateLimits(
  limits: RateLimits | undefined,
  now: () => number = () => performance.now(),
): RateLimiter {
  if (!limits) return { within: (_credential, _slug, _reply, work) => work() };
  const [keys, people, organizations] = (["key", "person", "organization"] as const).map((name) =>
    limitOf(name, limits[name], now),
  ) as [Limit, Limit, Limit];
  return {
    within: async (credential, slug, reply, work) => {
      const holder = credential.kind === "session" ? people(credential.userId) : keys(credential.keyId);
      const takes = [holder, ...(slug === undefined ? [] : [organizations(slug)])];
      tellLimits(reply, takes);
      const reached = takes.find(({ isFree }) => !isFree);
      if (reached) {
        giveBack(takes);
        throw refusal(reached);
      }
      try {
        return await work();
      } catch (error) {
        giveBack(takes.filter((take) => isUncounted(take, error)));
        throw error;
      }
    },
  };
}

function giveBack(takes: readonly Take[]): void {
  for (const take of takes) take.giveBack();
}

/** Who is not signed in used up nobody's requests, and who does not belong to the organization none of its. */
function isUncounted({ name }: Take, error: unknown): boolean {
  const code = error instanceof MovedError ? "not_found" : problemOf(error).code;
  return code === "unauthenticated" || (code === "not_found" && name === "organization");
}

/** One request's part of a limit. `isFree` says whether there was any left; `fullSeconds` and `nextSeconds`, when all and one will be. */
type Take = {
  name: LimitName;
  perMinute: number;
  isFree: boolean;
  left: number;
  fullSeconds: number;
  nextSeconds: number;
  giveBack(): void;
};

/** Takes one request out of what somebody may send. */
type Limit = (id: string) => Take;

function limitOf(name: LimitName, perMinute: number, now: () => number): Limit {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / WINDOW_SECONDS / 1000;
  return (id) => {
    const at = now();
    const bucket = bucketOf(buckets, id, perMinute, at);
    bucket.left = Math.min(perMinute, bucket.left + (at - bucket.at) * perMs);
    bucket.at = at;
    const isFree = bucket.left >= 1;
    if (isFree) bucket.left -= 1;
    return {
      name,
      perMinute,
      isFree,
      left: Math.floor(bucket.left),
      fullSeconds: Math.ceil((perMinute - bucket.left) / perMs / 1000),
      nextSeconds: Math.max(1, Math.ceil((1 - bucket.left) / perMs / 1000)),
      giveBack: () => {
        if (isFree) bucket.left += 1;
      },
    };
  };
}

function bucketOf(buckets: Map<string, Bucket>, id: string, full: number, at: number): Bucket {
  const known = buckets.get(id);
  if (known) return known;
  const bucket = { left: full, at };
  buckets.set(id, bucket);
  // Who was seen first is forgotten, and counted anew.
  const oldest = buckets.keys().next().value;
  if (buckets.size > BUCKETS_MAX && oldest !== undefined) buckets.delete(oldest);
  return bucket;
}

/** `RateLimit-Policy` tells all limits that the request counts for, `RateLimit` the one of which the least is left (draft-ietf-httpapi-ratelimit-headers). */
function tellLimits(reply: FastifyReply, takes: readonly Take[]): void {
  const policies = takes.map(({ name, perMinute }) => `"${name}";q=${perMinute};w=${WINDOW_SECONDS}`).join(", ");
  const tightest = takes.reduce((one, other) =>
    other.left / other.perMinute < one.left / one.perMinute ? other : one,
  );
  const { name, left, fullSeconds } = tightest;
  reply.header("ratelimit-policy", policies).header("ratelimit", `"${name}";r=${left};t=${fullSeconds}`);
}

function refusal({ name, perMinute, nextSeconds }: Take): Problem {
  return new Problem("too_many_requests", {
    detail: `More than ${perMinute} requests a minute were sent ${WHO[name]} (limit "${name}").`,
    hint: "Wait as long as Retry-After says, then go on more slowly.",
    retryAfterSeconds: nextSeconds,
  });
}
