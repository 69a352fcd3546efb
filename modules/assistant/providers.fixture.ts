import type { ServerResponse } from "node:http";
import { openHost, type TestHost } from "../../kernel/outbound/hosts.fixture.ts";
import type { Protocol } from "./contract.ts";

/** What a provider answers to one request. */
export type Scripted = {
  /** Words as they come. */
  words?: string[];
  /** What the model wants to do, after its words. */
  call?: { tool: string; input: object };
  usage?: { input: number; output: number };
  /** A refusal instead. */
  status?: number;
  headers?: Record<string, string>;
  /** The connection is cut behind the words, or the stream ends there without a word of why. */
  end?: "cut" | "missing";
  /** A failure that is told in the stream, behind the words. */
  fails?: string;
  /** Nothing comes behind the words until this resolves. */
  until?: Promise<unknown>;
};

/** A provider somewhere that speaks a protocol as it is documented, and what it was asked. */
export type TestProvider = TestHost & { baseUrl: string };

/** Opens a provider that answers one request after the other as scripted, and the last one again. */
export async function openProvider(protocol: Protocol, script: readonly Scripted[]): Promise<TestProvider> {
  let asked = 0;
  const host = await openHost((_, response) => {
    const scripted = script[Math.min(asked, script.length - 1)] ?? {};
    asked += 1;
    void speak(protocol, response, scripted);
  });
  return { ...host, baseUrl: `http://127.0.0.1:${host.port}/v1` };
}

async function speak(protocol: Protocol, response: ServerResponse, scripted: Scripted): Promise<void> {
  const { status, headers = {}, words = [], until, end, fails } = scripted;
  if (status !== undefined) {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error: { message: "No.", type: "error", code: status } }));
    return;
  }
  const send = (data: object | "[DONE]") => {
    const event = protocol === "anthropic" ? `event: ${(data as { type: string }).type}\n` : "";
    response.write(`${event}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  const voice = VOICES[protocol](send, scripted);
  voice.begin();
  for (const word of words) voice.say(word);
  await until;
  // What was said arrives, and then the line is dead.
  if (end === "cut") return void response.socket?.end();
  if (end !== "missing") {
    if (fails !== undefined) voice.fail(fails);
    else voice.finish();
  }
  response.end();
}

type Voice = { begin(): void; say(word: string): void; fail(message: string): void; finish(): void };
type Send = (data: object | "[DONE]") => void;

const VOICES: Record<Protocol, (send: Send, scripted: Scripted) => Voice> = {
  openai_compatible: openaiVoice,
  anthropic: anthropicVoice,
  google: googleVoice,
};

function openaiVoice(send: Send, { call, usage }: Scripted): Voice {
  const chunk = (delta: object, finish_reason: string | null = null) =>
    send({
      id: "c",
      object: "chat.completion.chunk",
      created: 1,
      model: "m",
      choices: [{ index: 0, delta, finish_reason }],
    });
  return {
    begin: () => chunk({ role: "assistant", content: "" }),
    say: (content) => chunk({ content }),
    fail: (message) => send({ error: { message, type: "server_error" } }),
    finish: () => {
      const wanted = call && { name: call.tool, arguments: JSON.stringify(call.input) };
      if (wanted) chunk({ tool_calls: [{ index: 0, id: "call_1", type: "function", function: wanted }] });
      chunk({}, call ? "tool_calls" : "stop");
      if (usage) {
        const { input: prompt_tokens, output: completion_tokens } = usage;
        const total_tokens = prompt_tokens + completion_tokens;
        send({
          id: "c",
          object: "chat.completion.chunk",
          created: 1,
          model: "m",
          choices: [],
          usage: { prompt_tokens, completion_tokens, total_tokens },
        });
      }
      send("[DONE]");
    },
  };
}

function anthropicVoice(send: Send, { call, usage, words = [] }: Scripted): Voice {
  const message = {
    id: "m",
    type: "message",
    role: "assistant",
    model: "m",
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
  let isOpen = false;
  return {
    begin: () => {
      send({
        type: "message_start",
        message: { ...message, usage: { input_tokens: usage?.input ?? 0, output_tokens: 1 } },
      });
      send({ type: "ping" });
    },
    say: (text) => {
      if (!isOpen) send({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
      isOpen = true;
      send({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
    },
    fail: (text) => send({ type: "error", error: { type: "overloaded_error", message: text } }),
    finish: () => {
      if (isOpen) send({ type: "content_block_stop", index: 0 });
      if (call) {
        const index = words.length > 0 ? 1 : 0;
        send({
          type: "content_block_start",
          index,
          content_block: { type: "tool_use", id: "toolu_1", name: call.tool, input: {} },
        });
        send({
          type: "content_block_delta",
          index,
          delta: { type: "input_json_delta", partial_json: JSON.stringify(call.input) },
        });
        send({ type: "content_block_stop", index });
      }
      const stop_reason = call ? "tool_use" : "end_turn";
      send({
        type: "message_delta",
        delta: { stop_reason, stop_sequence: null },
        usage: { output_tokens: usage?.output ?? 0 },
      });
      send({ type: "message_stop" });
    },
  };
}

function googleVoice(send: Send, { call, usage }: Scripted): Voice {
  const say = (parts: object[], more: object = {}) =>
    send({ candidates: [{ content: { role: "model", parts }, index: 0, ...more }], ...counted(usage) });
  return {
    begin: () => undefined,
    say: (text) => say([{ text }]),
    fail: (message) => send({ error: { code: 503, message, status: "UNAVAILABLE" } }),
    finish: () =>
      say(call ? [{ functionCall: { name: call.tool, args: call.input } }] : [{ text: "" }], { finishReason: "STOP" }),
  };
}

function counted(usage: Scripted["usage"]): object {
  if (!usage) return {};
  const { input: promptTokenCount, output: candidatesTokenCount } = usage;
  const totalTokenCount = promptTokenCount + candidatesTokenCount;
  return { usageMetadata: { promptTokenCount, candidatesTokenCount, totalTokenCount } };
}
