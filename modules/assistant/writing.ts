import type { Database } from "../../kernel/database/pool.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { ToolCall } from "./contract.ts";
import type { AskedModel } from "./models.ts";

/** Credits that are set aside for a reply come free so long after the last sign of its process. */
const HOLD_SECONDS = 120;
/** How often a process tells that it is still writing, and asks whether it is to go on. */
const HEARD_EVERY_MS = 2_000;
/** After so long without a sign a reply is taken for lost. */
export const UNHEARD_SECONDS = 60;

/** How a reply ended. */
export type Ending = { content: string; status: "complete" | "stopped" | "failed"; error?: string | undefined };

/** Why a reply is to end: its member stopped it, or it was given up for lost. */
export const STOPPED = Symbol("stopped");
export const GONE = Symbol("gone");

/**
 * A reply under way, as its process tells of it. It goes on when its member has gone, so it is told by the dispatcher, about this one
 * message: what it costs, what it did, and in the end what it says.
 */
export type Writing = {
  message: string;
  /** Aborted, with the reason, when it is to end. */
  signal: AbortSignal;
  findProvider(): Promise<AskedModel | undefined>;
  /** Charges what a request to the model took; nothing is charged for none. */
  settle(inputTokens: number, outputTokens: number): Promise<void>;
  /** Sets credits aside for the next request; resolves with why not, where it is refused. */
  reserve(inputTokens: number): Promise<string | null>;
  noteTool(tool: string, input: unknown, output: unknown, error: string | null): Promise<ToolCall | null>;
  /** Writes it down. Resolves with the message as JSON; null where it was given up before. */
  end(ending: Ending): Promise<string | null>;
};

/** The replies that this process writes, by their message. */
const underWay = new Map<string, AbortController>();

/** Ends a reply, where this process writes it. */
export function stopWriting(message: string): void {
  underWay.get(message)?.abort(STOPPED);
}

/** When credits that are set aside now come free by themselves. */
export function holdEnd(): Date {
  return new Date(Date.now() + HOLD_SECONDS * 1_000);
}

/** Takes up a reply that has begun. Until its end it is told every two seconds that it is being written. */
export function openWriting(database: Database, organization: string, message: string): Writing {
  const controller = new AbortController();
  underWay.set(message, controller);
  const ask = async <Row>(text: string, values: readonly unknown[] = []): Promise<Row | undefined> =>
    (await callOutside<Row>(database, "dispatcher", text, [organization, message, ...values]))[0];
  const hear = async () => {
    const row = await ask<{ state: string }>("select assistant.hear_reply($1, $2, $3) as state", [holdEnd()]);
    if (row?.state === "stopping") controller.abort(STOPPED);
    if (row?.state === "gone") controller.abort(GONE);
  };
  // A sign that does not come through is followed by the next.
  const timer = setInterval(() => void hear().catch(() => undefined), HEARD_EVERY_MS).unref();
  return {
    message,
    signal: controller.signal,
    findProvider: async () => {
      const row = await ask<AskedModel>("select * from assistant.provider_of_reply($1, $2)");
      return row?.protocol ? row : undefined;
    },
    settle: async (inputTokens, outputTokens) => {
      await ask("select assistant.settle_step($1, $2, $3, $4)", [inputTokens, outputTokens]);
    },
    reserve: async (inputTokens) => {
      const text = "select assistant.reserve_step($1, $2, $3, $4) as refusal";
      return (await ask<{ refusal: string | null }>(text, [inputTokens, holdEnd()]))?.refusal ?? null;
    },
    noteTool: async (tool, input, output, error) => {
      const text = "select assistant.note_tool_call($1, $2, $3, $4, $5, $6) as noted";
      const values = [tool, JSON.stringify(input ?? {}), output === undefined ? null : JSON.stringify(output), error];
      return (await ask<{ noted: ToolCall | null }>(text, values))?.noted ?? null;
    },
    end: async ({ content, status, error }) => {
      clearInterval(timer);
      underWay.delete(message);
      const text = "select assistant.end_reply($1, $2, $3, $4, $5)::text as reply";
      return (await ask<{ reply: string | null }>(text, [content, status, error ?? null]))?.reply ?? null;
    },
  };
}
