import type { LanguageModel } from "ai";
import { outboundFetch } from "../../kernel/outbound/fetch.ts";
import type { Services } from "../../kernel/services.ts";
import type { Protocol } from "./contract.ts";
import { openKey } from "./providers.ts";

/** A model may think for so long before it says the next word. */
const IDLE_SECONDS = 90;
const RESPONSE_BYTES_MAX = 20 * 1024 * 1024;

/** What shows that a model has begun to answer, which providers charge for. */
const SAYS: readonly string[] = ["text-delta", "reasoning-delta", "tool-input-start", "tool-input-delta", "tool-call"];

/** A model, and who runs it, with the key as it is sealed. */
export type AskedModel = {
  protocol: string;
  base_url: string;
  called: string;
  provider: string;
  sealed: Buffer | null;
};

/** The model as the AI SDK asks it. The packages are read when the first text is written: they are large, and many processes write none. */
export async function languageModel(
  services: Services,
  organization: string,
  { protocol, base_url: baseURL, called, provider, sealed }: AskedModel,
): Promise<LanguageModel> {
  const key = openKey(services.keyring, sealed, { organization, provider });
  // Without a key of its own a package would look for one in the environment, which is the operator's.
  const settings = {
    baseURL,
    apiKey: key ?? "",
    fetch: outboundFetch(services, { idleSeconds: IDLE_SECONDS, maxResponseBytes: RESPONSE_BYTES_MAX }),
  };
  switch (protocol as Protocol) {
    case "anthropic": {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return createAnthropic(settings)(called);
    }
    case "google": {
      const { createGoogle } = await import("@ai-sdk/google");
      return createGoogle(settings)(called);
    }
    case "openai_compatible": {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      return createOpenAICompatible({ ...settings, name: provider, includeUsage: true })(called);
    }
  }
}

/** Whether a part of a stream shows that a model has begun to answer. */
export function isAnswer({ type }: { type: string }): boolean {
  return SAYS.includes(type);
}
