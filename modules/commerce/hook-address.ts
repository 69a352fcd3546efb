import { randomBytes } from "node:crypto";
import type { Services } from "../../kernel/services.ts";

const SECRET_BYTES = 32;
const UUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
const HOOK = new RegExp(`^${UUID}_${UUID}$`);

/** Where a store tells what changed. The address is no secret: what comes there is signed. */
export function webhookUrl({ publicUrl }: Pick<Services, "publicUrl">, organization: string, store: string): string {
  return `${publicUrl}/api/commerce/webhooks/${organization}_${store}`;
}

/** Whose webhook an address is for; undefined where it is for none. */
export function readHookAddress(hook: string): { organization: string; store: string } | undefined {
  const [, organization, store] = HOOK.exec(hook) ?? [];
  return organization && store ? { organization, store } : undefined;
}

/** What a store signs with, where it lets one choose. */
export function newHookSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}
