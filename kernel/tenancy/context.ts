import type { Step } from "../database/batch.ts";
import type { Database } from "../database/pool.ts";
import type { RuntimeRole } from "../database/roles.ts";
import type { Permission } from "../database/types.gen.ts";

/** What proves who is asking: a user session's id and its secret. The id alone opens nothing. */
export type Credential = { userId: string; sessionId: string; secret: string };

/** How the work was asked for, as the record keeps it. */
export type RequestInfo = { requestId: string; address?: string; agent?: string };

/** The roles that enter an organization with a person's credential. */
export type EnteringRole = Extract<RuntimeRole, "member" | "own" | "client" | "steward" | "loader">;

/** Everything that kernel.enter() needs to let one operation into one organization. */
export type Context = {
  database: Database;
  /** The database role to work as: what it may see is decided there, not here. */
  role: EnteringRole;
  credential: Credential;
  /** The slug is the caller's; the id is what this process believes it names. A wrong belief is refused as stale. */
  organization: { id: string; slug: string };
  /** The permission that the operation needs, such as `labeling.task.submit`. */
  permission: Permission;
  /** The operation's name in the record. */
  operation: string;
  request: RequestInfo;
  /** Aborted when the caller has gone away; the running statement is then cancelled. */
  signal?: AbortSignal;
};

/** The step that enters. Everything before it in a transaction sees nothing; a second one is refused. */
export function enterStep(context: Context): Step {
  const { credential, organization, permission, operation, request } = context;
  const record = {
    actor: "user",
    operation,
    request_id: request.requestId,
    address: request.address,
    agent: request.agent,
  };
  return {
    text: "select kernel.enter($1, $2, $3, $4, $5, $6, $7)",
    values: [
      credential.userId,
      credential.sessionId,
      credential.secret,
      organization.id,
      organization.slug,
      permission,
      JSON.stringify(record),
    ],
    fixed: true,
  };
}
