import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { pageStatement } from "../../kernel/tenancy/page.ts";
import type { listJoinRequests } from "./joining-contract.ts";

/** The organizations that the person may join by their proved address, as JSON. */
export async function readJoinable(caller: PersonCaller): Promise<JsonText> {
  const [row] = await askGateAs<{ my_joinable: unknown }>(caller, "organizations.my_joinable");
  return { json: JSON.stringify(row?.my_joinable) };
}

/**
 * Makes the person a member by their proved address, or asks the organization to. Throws when it is not one that they may
 * join (TN010), or it refused them within the last week (TN011).
 */
export async function joinOrganization(
  caller: PersonCaller,
  { organization: slug }: { organization: string },
): Promise<{ outcome: "joined" | "requested"; slug: string }> {
  const [row] = await askGateAs<{ join_by_domain: "joined" | "requested" }>(caller, "organizations.join_by_domain", [
    slug,
  ]);
  caller.services.wakeWorkers();
  if (!row) throw new Error("The database let somebody join and said nothing.");
  return { outcome: row.join_by_domain, slug };
}

const LIST_REQUESTS = pageStatement(
  `select r.id, m.display_name as name, m.email, d.domain, json_build_object('id', o.id, 'name', o.name) as role,
           r.status, r.created_at, r.decided_at
    from organizations.join_requests r
    join organizations.memberships m on m.organization_id = r.organization_id and m.user_id = r.user_id
    join organizations.domains d on d.organization_id = r.organization_id and d.id = r.domain_id
    join organizations.roles o on o.organization_id = d.organization_id and o.id = d.role_id
    where r.organization_id = $1 and ($2::text is null or r.status = $2) and ($3::uuid is null or r.id < $3)
`,
  "$4",
);

/** A page of those who ask to join, newest first: `{ items: JoinRequest[], next_cursor }` as JSON. */
export async function readJoinRequests(
  context: Context,
  { status, cursor, limit }: InputOf<typeof listJoinRequests>["query"],
): Promise<JsonText> {
  return askJson(context, LIST_REQUESTS, [context.organization.id, status ?? null, cursor ?? null, limit]);
}

/** Approves or refuses a request: `{ status }` as JSON. Throws when it was decided (TN011), or the role is too much to give (TN003). */
export async function decideJoinRequest(
  context: Context,
  { request, decision }: { request: string; decision: "approve" | "refuse" },
): Promise<JsonText> {
  const answer = await askJson(context, "select organizations.decide_join_request($1, $2)", [request, decision]);
  context.services.wakeWorkers();
  return answer;
}
