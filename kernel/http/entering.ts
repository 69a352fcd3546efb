import { hasState } from "../database/errors.ts";
import type { Database } from "../database/pool.ts";
import type { Permission } from "../database/types.gen.ts";
import { Problem } from "../errors.ts";
import type { Services } from "../services.ts";
import type { Context, EnteringRole, RequestInfo } from "../tenancy/context.ts";
import type { Credential, SessionCredential } from "../tenancy/credential.ts";
import { beginIdempotency, type IdempotencyKey } from "../tenancy/idempotency.ts";
import { callOutside, queryText } from "../tenancy/transaction.ts";

const HINTS_MAX = 50_000;
const ATTEMPTS_MAX = 3;
const ROLE_OF_SCOPE: Record<string, EnteringRole> = { organization: "member", own: "own", client: "client" };

/** What a member's request wants. */
export type Wish = {
  credential: Credential;
  slug: string;
  permission: Permission;
  operation: string;
  request: RequestInfo;
  signal: AbortSignal;
  idempotencyKey?: IdempotencyKey | undefined;
};

/**
 * What this process believes: which organization a slug names, and as which database role a person holds a permission there.
 * Only hints: PostgreSQL is told them at each entry and refuses an old one, and the request is repeated with the answer.
 */
export type Entrance = {
  /** Runs a handler with a context for the wish, again when a hint was old: then nothing had happened. Throws MovedError for an old slug. */
  enter<T>(wish: Wish, run: (context: Context) => Promise<T>): Promise<T>;
  /** Makes the hints right before something that cannot be repeated, such as reading a stream. */
  settle(wish: Wish): Promise<void>;
};

/** The slug was the organization's; the caller, a member of it, finds it under another one now. */
export class MovedError extends Error {
  readonly slug: string;

  constructor(slug: string) {
    super("The organization's address has changed.");
    this.name = "MovedError";
    this.slug = slug;
  }
}

export function openEntrance(database: Database, services: Services): Entrance {
  const organizations = new Map<string, string>();
  const roles = new Map<string, EnteringRole>();

  const contextOf = async (wish: Wish): Promise<Context> => {
    const { slug, idempotencyKey, ...rest } = wish;
    const id = await organizationOf(wish);
    const role = roles.get(roleKey(wish)) ?? "member";
    const idempotency = idempotencyKey && beginIdempotency(idempotencyKey, role);
    return { ...rest, database, services, organization: { id, slug }, role, idempotency };
  };
  // An API key carries its organization; it is refused where another one has the address.
  const organizationOf = async (wish: Wish): Promise<string> => {
    const { credential, slug } = wish;
    if (credential.kind === "api_key") return credential.organizationId;
    const id = organizations.get(slug) ?? (await findOrganization(database, credential, slug));
    remember(organizations, slug, id);
    return id;
  };
  const learn = (wish: Wish, detail: string | undefined) => {
    const [kind, value = ""] = (detail ?? "").split(" ");
    if (kind === "slug" && wish.credential.kind === "api_key") throw new MovedError(value);
    if (kind === "scope") remember(roles, roleKey(wish), ROLE_OF_SCOPE[value] ?? "member");
    else organizations.delete(wish.slug);
  };
  const enter: Entrance["enter"] = async (wish, run) => {
    for (let attempt = 1; ; attempt++) {
      const context = await contextOf(wish);
      try {
        return await runWithin(context, run);
      } catch (error) {
        if (hasState(error, "no_such_organization")) organizations.delete(wish.slug);
        if (!hasState(error, "stale_hint") || attempt === ATTEMPTS_MAX) throw error;
        learn(wish, error.detail);
      }
    }
  };
  return {
    enter,
    settle: async (wish) => {
      await enter({ ...wish, idempotencyKey: undefined }, (context) =>
        queryText(context, { text: "select null", fixed: true }),
      );
    },
  };
}

/** A role of the organization's own can hold any permission for own rows only, where the operation may need more. */
async function runWithin<T>(context: Context, run: (context: Context) => Promise<T>): Promise<T> {
  try {
    return await run(context);
  } catch (cause) {
    const isNarrow = context.role === "own" || context.role === "client";
    if (!isNarrow || !hasState(cause, "insufficient_privilege")) throw cause;
    throw new Problem("forbidden", {
      detail: `Permission ${context.permission} is held for some rows only, and this needs it for the whole organization.`,
      hint: "Ask an administrator of the organization for it.",
      cause,
    });
  }
}

function roleKey({ credential, slug, permission }: Wish): string {
  const holder = credential.kind === "session" ? credential.userId : credential.keyId;
  return `${holder} ${slug} ${permission}`;
}

function remember<V>(hints: Map<string, V>, key: string, value: V): void {
  hints.delete(key);
  hints.set(key, value);
  const oldest = hints.keys().next().value;
  if (hints.size > HINTS_MAX && oldest !== undefined) hints.delete(oldest);
}

/** The same answer for an organization that does not exist and for one that the person does not belong to. */
async function findOrganization(database: Database, credential: SessionCredential, slug: string): Promise<string> {
  const { userId, sessionId, secret } = credential;
  const [row] = await callOutside<{ id: string | null; slug: string | null; person: string | null }>(
    database,
    "gate",
    `select found.organization as id, found.slug_now as slug, p.person
     from identity.session_user_id($1, $2, $3) as p (person)
     left join organizations.organization_of_slug($1, $2, $3, $4) found on true`,
    [userId, sessionId, secret, slug],
  );
  if (!row?.person) throw new Problem("unauthenticated", { hint: "Sign in again." });
  if (!row.id || !row.slug) throw new Problem("not_found");
  if (row.slug !== slug) throw new MovedError(row.slug);
  return row.id;
}
