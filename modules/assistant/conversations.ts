import type { JsonText } from "../../kernel/http/route.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { stopWriting } from "./writing.ts";

type OneConversation = { conversation: string };

/** The models that the caller can ask, and the tools that these may use. */
export async function listModels(context: Context): Promise<JsonText> {
  return askJson(context, "select assistant.list_models()::text");
}

/** The caller's own conversations, newest first. */
export async function listConversations(
  context: Context,
  { archived, cursor, limit }: { archived: boolean; cursor?: string | undefined; limit: number },
): Promise<JsonText> {
  return askJson(context, "select assistant.list_conversations($1, $2, $3)::text", [archived, cursor ?? null, limit]);
}

/** Begins a conversation. */
export async function openConversation(
  context: Context,
  { title, model }: { title: string; model?: string | undefined },
): Promise<JsonText> {
  return askJson(context, "select assistant.open_conversation($1, $2)::text", [title, model ?? null]);
}

/** A conversation of the caller's own, with its messages. Throws not_found, for those of others too. */
export async function readConversation(
  context: Context,
  { conversation, before }: OneConversation & { before?: number | undefined },
): Promise<JsonText> {
  return askJson(context, "select assistant.read_conversation($1, $2)::text", [conversation, before ?? null]);
}

/** Names a conversation, or puts it away; what is left out stays. Throws not_found. */
export async function changeConversation(
  context: Context,
  {
    conversation,
    title,
    is_archived,
  }: OneConversation & { title?: string | undefined; is_archived?: boolean | undefined },
): Promise<undefined> {
  const values = [conversation, title ?? null, is_archived ?? null];
  return tell(context, "select assistant.change_conversation($1, $2, $3)", values);
}

/** Stops the reply that is being written, in whichever process: this one at once, another one within seconds. Throws not_found. */
export async function stopReply(context: Context, { conversation }: OneConversation): Promise<undefined> {
  // Nothing to stop is an answer too, which is kept for the request's key.
  const text = "select coalesce(assistant.stop_reply($1)::text, '')";
  const reply = await queryText(context, { text, values: [conversation], fixed: true });
  if (reply) stopWriting(reply);
  return undefined;
}
