import { hasState } from "../database/errors.ts";
import type { Database } from "../database/pool.ts";
import type { Permission } from "../database/types.gen.ts";
import { Problem } from "../errors.ts";
import type { Services } from "../services.ts";
import type { Context, EnteringRole, RequestInfo } from "../tenancy/context.ts";
import type { Credential, SessionCredential } from "../tenancy/credential.ts";
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
};

/**
 * What this process believes: which organization a slug names, and as which database role a person holds a permission there.
 * Only hints: PostgreSQL is told them at each entry and refuses an old one, and the request is repeated with the answer.
 */
export type Entrance = {
  /** Runs a handler with a context for the wish, again when a hint was old: then nothing had happened. */
  enter<T>(wish: Wish, run: (context: Context) => Promise<T>): Promise<T>;
  /** Makes the hints right before something that cannot be repeated, such as reading a stream. */
  settle(wish: Wish): Promise<void>;
};

export function openEntrance(database: Database, services: Services): Entrance {
  const organizations = new Map<string, string>();
  const roles = new Map<string, EnteringRole>();

  const contextOf = async (wish: Wish): Promise<Context> => {
    const { slug, ...rest } = wish;
    const id = await organizationOf(wish);
    return { ...rest, database, services, organization: { id, slug }, role: roles.get(roleKey(wish)) ?? "member" };
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
    if (kind === "scope") remember(roles, roleKey(wish), ROLE_OF_SCOPE[value] ?? "member");
    else organizations.delete(wish.slug);
  };
  const enter: Entrance["enter"] = async (wish, run) => {
    for (let attempt = 1; ; attempt++) {
      const context = await contextOf(wish);
      try {
        return await run(context);
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
      await enter(wish, (context) => queryText(context, { text: "select null", fixed: true }));
    },
  };
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
  const [row] = await callOutside<{ id: string | null; person: string | null }>(
    database,
    "gate",
    "select organizations.organization_of_slug($1, $2, $3, $4) as id, identity.session_user_id($1, $2, $3) as person",
    [userId, sessionId, secret, slug],
  );
  if (!row?.person) throw new Problem("unauthenticated", { hint: "Sign in again." });
  if (!row.id) throw new Problem("not_found");
  return row.id;
}
