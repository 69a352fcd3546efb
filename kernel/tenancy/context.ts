import type { Step } from "../database/batch.ts";
import type { Database } from "../database/pool.ts";
import type { RuntimeRole } from "../database/roles.ts";
import type { Permission } from "../database/types.gen.ts";
import type { Services } from "../services.ts";
import type { ClaimCredential, Credential } from "./credential.ts";
import type { Idempotency } from "./idempotency.ts";

/** How the work was asked for, as the record keeps it. */
export type RequestInfo = {
  requestId: string;
  address?: string;
  agent?: string;
  /** The import that what is done belongs to. */
  importId?: string;
};

/** The roles that enter an organization: with a person's credential, and the worker with its claim. */
export type EnteringRole = Extract<RuntimeRole, "member" | "own" | "client" | "steward" | "loader" | "worker">;

/** Everything that kernel.enter() needs to let one operation into one organization. */
export type Context = {
  database: Database;
  services: Services;
  /** The database role to work as: what it may see is decided there, not here. */
  role: EnteringRole;
  credential: Credential | ClaimCredential;
  /** The slug is the caller's; the id is what this process believes it names. A wrong belief is refused as stale. */
  organization: { id: string; slug: string };
  /** The permission that the operation needs, such as `labeling.task.submit`. */
  permission: Permission;
  /** The operation's name in the record. */
  operation: string;
  request: RequestInfo;
  /** Where the request may be sent again and must have its effect once. */
  idempotency?: Idempotency | undefined;
  /** Aborted when the caller has gone away; the running statement is then cancelled. */
  signal?: AbortSignal;
};

/** The step that enters. Everything before it in a transaction sees nothing; a second one is refused. */
export function enterStep(context: Context): Step {
  const { credential, organization, permission, operation, request } = context;
  if (credential.kind === "claim") {
    const record = recordOf(operation, request, "task");
    return {
      text: "select tasks.enter($1, $2, $3, $4)",
      values: [organization.id, credential.token, credential.taskId, record],
      fixed: true,
    };
  }
  const record = recordOf(operation, request);
  if (credential.kind === "api_key") {
    const { organizationId, keyId, secret } = credential;
    const values = [organizationId, keyId, secret, organization.slug, permission, record];
    return { text: "select kernel.enter_with_key($1, $2, $3, $4, $5, $6)", values, fixed: true };
  }
  const { userId, sessionId, secret } = credential;
  const values = [userId, sessionId, secret, organization.id, organization.slug, permission, record];
  return { text: "select kernel.enter($1, $2, $3, $4, $5, $6, $7)", values, fixed: true };
}

/** What the record keeps of how the work was asked for, as JSON. */
export function recordOf(
  operation: string,
  { requestId, address, agent, importId }: RequestInfo,
  actor: "user" | "task" = "user",
): string {
  return JSON.stringify({ actor, operation, request_id: requestId, address, agent, import_id: importId });
}
