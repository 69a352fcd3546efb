import { isStepCount, type ModelMessage, streamText } from "ai";
import type { Context } from "../../kernel/tenancy/context.ts";
import { type Begun, instructions } from "./begun.ts";
import type { Channel } from "./channel.ts";
import { ReplyFailure, wordsOf } from "./failures.ts";
import { isAnswer, languageModel } from "./models.ts";
import { tokensIn } from "./tokens.ts";
import { toolsOf } from "./tools.ts";
import { type Ending, GONE, STOPPED, type Writing } from "./writing.ts";

/** How often a model is asked for one reply: it may use tools between, and the last time it must say something. */
const STEPS_MAX = 5;

const NO_CREDITS: Record<string, string> = {
  out_of_credit: "The credits were used up on the way. Buy some, or wait until work under way gives some back.",
  monthly_limit: "The organization's limit of credits for the month was reached on the way.",
  member_limit: "Your limit of credits for the day was reached on the way.",
};

/** What there is of a reply, and of the request to the model that is under way. */
type Progress = {
  text: string;
  isOpen: boolean;
  stepText: string;
  stepInput: number;
  hasBegun: boolean;
  isWhole: boolean;
};

/** Asks the model, tells how the reply goes on, and writes it down when it is over: whole, stopped, or as far as it came with why. */
export async function answer(context: Context, begun: Begun, writing: Writing, channel: Channel): Promise<void> {
  const progress: Progress = {
    text: "",
    isOpen: true,
    stepText: "",
    stepInput: tokensIn(instructions() + JSON.stringify(begun.history)),
    hasBegun: false,
    isWhole: false,
  };
  let ending: Ending;
  try {
    await follow(context, begun, writing, channel, progress);
    if (!progress.isWhole) throw new ReplyFailure("The provider broke off in the middle.");
    ending = { content: progress.text, status: "complete" };
  } catch (error) {
    ending = endingOf(error, writing.signal, progress.text);
  }
  // What was under way is charged as far as it went: providers charge for it too.
  if (progress.isOpen && progress.hasBegun) await writing.settle(progress.stepInput, tokensIn(progress.stepText));
  const reply = await writing.end(ending);
  if (reply !== null) channel.tell({ event: "ended", json: `{"reply":${reply}}` });
}

function endingOf(error: unknown, signal: AbortSignal, content: string): Ending {
  if (signal.aborted && signal.reason === STOPPED) return { content, status: "stopped" };
  if (signal.aborted && signal.reason === GONE) return { content, status: "failed" };
  const words = wordsOf(error);
  if (words === undefined) throw error;
  return { content, status: "failed", error: words };
}

async function follow(
  context: Context,
  { history, output_tokens: maxOutputTokens, tools }: Begun,
  writing: Writing,
  channel: Channel,
  progress: Progress,
): Promise<void> {
  const provider = await writing.findProvider();
  if (!provider) throw new ReplyFailure("This model's provider is not connected any more.");
  const result = streamText({
    model: await languageModel(context.services, context.organization.id, provider),
    instructions: instructions(),
    messages: history,
    maxOutputTokens,
    // A person waits, and sees why it failed: they are the one to try again.
    maxRetries: 0,
    abortSignal: writing.signal,
    stopWhen: isStepCount(STEPS_MAX),
    tools: toolsOf({ ...context, signal: writing.signal }, tools, async (tool, input, outcome) => {
      const [output, error] = "error" in outcome ? [undefined, outcome.error] : [outcome.output, null];
      const noted = await writing.noteTool(tool, input, output, error);
      channel.tell({ event: "tool", json: JSON.stringify({ tool_call: noted }) });
    }),
    prepareStep: async ({ stepNumber, messages }) => {
      if (stepNumber > 0) await begin(writing, progress, messages);
      return stepNumber === STEPS_MAX - 1 ? { toolChoice: "none" as const } : {};
    },
    onStepEnd: async ({ usage }) => {
      await writing.settle(usage.inputTokens || progress.stepInput, usage.outputTokens || tokensIn(progress.stepText));
      progress.isOpen = false;
    },
    // In the step itself: whoever reads the stream may be a step behind.
    onChunk: ({ chunk }) => {
      progress.hasBegun ||= isAnswer(chunk);
      if (chunk.type === "text-delta") progress.stepText += chunk.text;
    },
    // Told by the stream below.
    onError: () => undefined,
  });
  for await (const part of result.stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "abort") throw writing.signal.reason;
    // What is said before a tool is used, and after it, are paragraphs.
    if (part.type === "text-start" && progress.text !== "") tell("\n\n", channel, progress);
    if (part.type === "text-delta") tell(part.text, channel, progress);
    // A stream that ends without a reason was cut off.
    if (part.type === "finish-step") progress.isWhole = part.rawFinishReason !== undefined;
  }
}

/** Sets aside what one more request to the model may cost. */
async function begin(writing: Writing, progress: Progress, messages: readonly ModelMessage[]): Promise<void> {
  progress.stepInput = tokensIn(instructions() + JSON.stringify(messages));
  progress.stepText = "";
  progress.hasBegun = false;
  const refusal = await writing.reserve(progress.stepInput);
  if (refusal !== null) throw new ReplyFailure(NO_CREDITS[refusal] ?? "The account of credits takes nothing more.");
  progress.isOpen = true;
}

function tell(text: string, channel: Channel, progress: Progress): void {
  progress.text += text;
  channel.tell({ event: "text", json: JSON.stringify({ text }) });
}
