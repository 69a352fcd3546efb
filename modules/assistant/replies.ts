import { Problem } from "../../kernel/errors.ts";
import type { EventStream } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { type Begun, instructions } from "./begun.ts";
import { type Channel, openChannel } from "./channel.ts";
import { tokensIn } from "./tokens.ts";
import { holdEnd, openWriting, type Writing } from "./writing.ts";

const HEARTBEAT_MS = 15_000;
/** What the tools that a model may use add to what it reads. */
const TOOLS_TOKENS = 1_000;

/**
 * Says something in a conversation of the caller's own, or has the last reply tried again, and streams the reply: `begun`, `text` and
 * `tool` as they come, `ended` with the message as it is kept. The reply is written to its end whether anybody listens or not. Throws
 * not_found, conflict while another reply is being written, invalid for a model that is not there, and payment_required or
 * limit_reached where credits are missing: then nothing was written down.
 */
export async function sendMessage(
  context: Context,
  { conversation, content, model }: { conversation: string; content?: string | undefined; model?: string | undefined },
): Promise<EventStream> {
  const overhead = tokensIn(instructions()) + TOOLS_TOKENS;
  const text = "select assistant.begin_reply($1, $2, $3, $4, $5)::text";
  const values = [conversation, content ?? null, model ?? null, overhead, holdEnd()];
  const json = await queryText(context, { text, values, fixed: true });
  if (json === null) throw new Problem("not_found");
  const begun = JSON.parse(json) as Begun;
  const channel = openChannel(HEARTBEAT_MS);
  const { question, reply } = begun;
  channel.tell({ event: "begun", json: JSON.stringify({ question, reply }) });
  const writing = openWriting(context.database, context.organization.id, reply.id);
  void write(context, begun, writing, channel);
  return { events: channel.events };
}

async function write(context: Context, begun: Begun, writing: Writing, channel: Channel): Promise<void> {
  try {
    const { answer } = await import("./answering.ts");
    await answer(context, begun, writing, channel);
    channel.end();
  } catch (error) {
    // It could not be written down, or we made a mistake: what listens breaks off, which is logged, and the sweep ends the reply.
    await writing
      .end({ content: "", status: "failed", error: "Something went wrong here. Try again." })
      .catch(() => null);
    channel.end(error);
  }
}
