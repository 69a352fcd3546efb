import { randomBytes } from "node:crypto";
import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { callOutside, queryText } from "../../kernel/tenancy/transaction.ts";
import type { Work, Workplace } from "../../kernel/work.ts";
import { readDomainName } from "./domain-names.ts";
import { lookUpProof } from "./domain-proof.ts";

const TOKEN_BYTES = 24;
const TOKEN_PREFIX = "tenon-verification=";
const CHECKS_AT_ONCE = 20;
const HOUR_SECONDS = 3600;

type JoinMode = "request" | "join";

/** The organization's domains: `{ items: Domain[] }` as JSON. */
export async function readDomains(context: Context): Promise<JsonText> {
  return askJson(context, "select organizations.list_domains()", []);
}

/**
 * Adds a domain that has yet to be proved: `Domain` as JSON. Throws when it is no domain or a public one (invalid, TN012), is
 * in the list (TN011), or the role permits more than the caller may (TN003).
 */
export async function addDomain(
  context: Context,
  { domain: written, role, mode }: { domain: string; role: string; mode: JoinMode },
): Promise<JsonText> {
  const { domain, unicodeName } = readDomainName(written);
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const values = [domain, unicodeName, token, role, mode];
  return askJson(context, "select organizations.add_domain($1, $2, $3, $4, $5)", values);
}

/**
 * Looks the domain's TXT record up: `Domain` as JSON when it is there. Throws `conflict` that says what was looked for and
 * found, or TN011 when another organization proved the domain.
 */
export async function verifyDomain(context: Context, { domain }: { domain: string }): Promise<JsonText> {
  const { json } = await askJson(context, "select organizations.read_domain($1)", [domain]);
  const { domain: name, record } = JSON.parse(json) as { domain: string; record: { name: string; value: string } };
  // The name servers are asked between two transactions: an answer may take seconds, and would hold locks.
  const proof = await lookUpProof(context.services, { domain: name, token: record.value.slice(TOKEN_PREFIX.length) });
  const answer = await askJson(context, "select organizations.verify_domain($1, $2)", [domain, proof.isThere]);
  context.services.wakeWorkers();
  if (proof.isThere) return answer;
  throw new Problem("conflict", {
    detail: proof.found,
    hint: `Add a TXT record at ${record.name} with the value ${record.value}, then try again. It can take an hour to be seen everywhere.`,
  });
}

/** Changes how people join by a domain, and the role they get: `Domain` as JSON. Throws TN003 and TN012 about the role. */
export async function changeDomain(
  context: Context,
  {
    domain,
    mode = null,
    role = null,
  }: { domain: string; mode?: JoinMode | null | undefined; role?: string | null | undefined },
): Promise<JsonText> {
  return askJson(context, "select organizations.change_domain($1, $2, $3)", [domain, mode, role]);
}

/** Removes a domain with the requests that came by it. */
export async function removeDomain(context: Context, { domain }: { domain: string }): Promise<undefined> {
  await queryText(context, { text: "select organizations.remove_domain($1)", values: [domain], fixed: true });
}

type ClaimedDomain = { organization_id: string; id: string; domain: string; token: string };

/** Looks up again each proved domain that nobody looked up for a day. */
async function recheckDomains({ database, services, signal }: Workplace): Promise<void> {
  for (;;) {
    const claimed = await callOutside<ClaimedDomain>(
      database,
      "dispatcher",
      "select * from organizations.claim_domain_checks($1)",
      [CHECKS_AT_ONCE],
    );
    const proofs = await Promise.all(claimed.map((domain) => lookUpProof(services, domain)));
    for (const [index, { organization_id, id }] of claimed.entries()) {
      const values = [organization_id, id, proofs[index]?.isThere ?? null];
      await callOutside(database, "dispatcher", "select organizations.record_domain_check($1, $2, $3)", values);
    }
    if (claimed.length > 0) services.wakeWorkers();
    if (claimed.length < CHECKS_AT_ONCE || signal.aborted) return;
  }
}

export const domainChecks: Work = {
  name: "organizations.domain.check",
  everySeconds: HOUR_SECONDS,
  run: recheckDomains,
};
