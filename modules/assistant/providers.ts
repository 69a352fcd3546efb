import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { OutboundError } from "../../kernel/outbound/errors.ts";
import { findTarget } from "../../kernel/outbound/target.ts";
import { seal, unseal } from "../../kernel/secrets/envelope.ts";
import type { Services } from "../../kernel/services.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import type { Protocol } from "./contract.ts";

/** Where the providers are that everybody knows. */
const HOME: Partial<Record<Protocol, string>> = {
  anthropic: "https://api.anthropic.com/v1",
  google: "https://generativelanguage.googleapis.com/v1beta",
};

/** The organization's providers without their keys, and the models that the installation lists. */
export async function listProviders(context: Context): Promise<JsonText> {
  return askJson(context, "select assistant.list_providers()::text");
}

/** The tools that there are, and which of them models may use. */
export async function browseTools(context: Context): Promise<JsonText> {
  return askJson(context, "select assistant.list_tools()::text");
}

/**
 * Connects a provider, or changes how. Its key is sealed; where none is given, the one that it has stays, unless the address is another.
 * Refused is an address that may not be asked (invalid).
 */
export async function connectProvider(
  context: Context,
  {
    name: provider,
    protocol,
    base_url = HOME[protocol],
    key,
  }: {
    name: string;
    protocol: Protocol;
    base_url?: string | undefined;
    key?: string | undefined;
  },
): Promise<undefined> {
  // Nothing is looked up for who may not connect providers: this enters, which checks the permission.
  await queryText({ ...context, idempotency: undefined }, { text: "select 1", fixed: true });
  if (base_url === undefined) throw fault("Give the address at which it is asked, such as http://localhost:11434/v1.");
  await requireReachable(context.services, base_url);
  const sealed =
    key === undefined ? null : seal(context.services.keyring, key, sealContext(context.organization.id, provider));
  const values = [provider, protocol, base_url.replace(/\/+$/, ""), sealed];
  return tell(context, "select assistant.connect_provider($1, $2, $3, $4)", values);
}

/** Disconnects a provider, and forgets its key. Throws not_found. */
export async function disconnectProvider(context: Context, { provider }: { provider: string }): Promise<undefined> {
  const text = "select nullif(assistant.disconnect_provider($1), false)::text";
  await askJson(context, text, [provider]);
  return undefined;
}

/** A provider's key, opened; undefined where it needs none. */
export function openKey(
  keyring: Services["keyring"],
  sealed: Buffer | null,
  { organization, provider }: { organization: string; provider: string },
): string | undefined {
  return sealed === null ? undefined : unseal(keyring, sealed, sealContext(organization, provider)).toString();
}

async function requireReachable(services: Services, url: string): Promise<void> {
  try {
    await findTarget(services, url);
  } catch (cause) {
    if (!(cause instanceof OutboundError)) throw cause;
    throw fault(cause.message, cause);
  }
}

function fault(message: string, cause?: unknown): Problem {
  return new Problem("invalid", { errors: [{ field: "base_url", message }], cause });
}

function sealContext(organization: string, provider: string): string {
  return `assistant.provider_keys/${organization}/${provider}`;
}
