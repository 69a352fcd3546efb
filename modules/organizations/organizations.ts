import type { Database } from "../../kernel/database/pool.ts";
import type { Credential, RequestInfo } from "../../kernel/tenancy/context.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";

export type NewOrganization = { name: string; slug: string };

/**
 * Makes an organization with the built-in roles; the person of the session becomes its owner. Resolves with its id. Throws
 * when the session is not alive (TN001) or the slug is taken (23505).
 */
export async function createOrganization(
  database: Database,
  { userId, sessionId, secret }: Credential,
  { name, slug }: NewOrganization,
  { requestId, address, agent }: RequestInfo,
): Promise<string> {
  const record = { actor: "user", operation: "organizations.create", request_id: requestId, address, agent };
  const [row] = await callOutside<{ id: string }>(
    database,
    "gate",
    "select organizations.create_organization($1, $2, $3, $4, $5, $6) as id",
    [userId, sessionId, secret, name, slug, JSON.stringify(record)],
  );
  if (!row) throw new Error("The database made no organization and said nothing.");
  return row.id;
}
