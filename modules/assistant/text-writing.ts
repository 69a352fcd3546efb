import { streamText } from "ai";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { type RunningTask, TaskFailure } from "../../kernel/work.ts";
import { taskFailureOf } from "./failures.ts";
import { type AskedModel, isAnswer, languageModel } from "./models.ts";
import { tokensIn } from "./tokens.ts";

/** What is to be written, and how much at most. */
export type TextWish = { instructions: string; prompt: string; maxOutputTokens: number };

/** What a task is asked by that has a text written. */
export type WritingTask = Pick<
  RunningTask,
  "id" | "aiModel" | "entry" | "services" | "signal" | "progress" | "log" | "spend"
>;

type TaskModel = AskedModel & { name: string; version: number; label: string; output_tokens: number };

/** What there is of a text, and what its provider says of it. */
type Progress = {
  text: string;
  hasBegun: boolean;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** Why it ended, in the provider's own word; undefined where it was cut off. */
  reason: string | undefined;
  isTooLong: boolean;
};

/** Asks the model, and charges what it took; see `writeText`. */
export async function write(task: WritingTask, wish: TextWish): Promise<string> {
  const model = await findModel(task);
  task.progress(20, `${model.label} writes`);
  const progress: Progress = {
    text: "",
    hasBegun: false,
    inputTokens: undefined,
    outputTokens: undefined,
    reason: undefined,
    isTooLong: false,
  };
  let failure: unknown;
  try {
    await follow(task, model, wish, progress);
    if (progress.reason === undefined) failure = new TaskFailure("transient", "The provider broke off in the middle.");
  } catch (error) {
    // Nobody is told of a task that was given up, and nothing can be charged for it.
    if (task.signal.aborted) throw error;
    failure = taskFailureOf(error) ?? error;
  }
  if (progress.hasBegun) await charge(task, model, wish, progress);
  if (failure !== undefined) throw failure;
  const text = progress.text.replaceAll("\0", "").toWellFormed().trim();
  if (text !== "") return text;
  if (progress.isTooLong)
    throw new TaskFailure("invalid", "The model used up its tokens before it wrote anything. Choose another model.");
  throw new TaskFailure("transient", "The model wrote nothing.");
}

async function findModel({ entry, aiModel }: WritingTask): Promise<TaskModel> {
  const [model] = await transaction(entry, (tx) =>
    tx.query<TaskModel>("select * from assistant.model_for_task($1)", [aiModel]),
  );
  if (model) return model;
  throw new TaskFailure("invalid", "The model that was chosen is not connected any more. Choose another one.");
}

async function follow(task: WritingTask, model: TaskModel, wish: TextWish, progress: Progress): Promise<void> {
  const { stream } = streamText({
    model: await languageModel(task.services, task.entry.organization.id, model),
    instructions: wish.instructions,
    prompt: wish.prompt,
    maxOutputTokens: Math.min(wish.maxOutputTokens, model.output_tokens),
    // The task is tried again as a whole.
    maxRetries: 0,
    abortSignal: task.signal,
    // Told by the stream below.
    onError: () => undefined,
  });
  for await (const part of stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "abort") throw task.signal.reason;
    progress.hasBegun ||= isAnswer(part);
    if (part.type === "text-delta") progress.text += part.text;
    if (part.type !== "finish-step") continue;
    progress.hasBegun = true;
    progress.inputTokens = part.usage.inputTokens;
    progress.outputTokens = part.usage.outputTokens;
    progress.reason = part.rawFinishReason;
    progress.isTooLong = part.finishReason === "length";
  }
}

/** Where the provider does not tell how many tokens there were, they are reckoned. */
async function charge(task: WritingTask, model: TaskModel, wish: TextWish, progress: Progress): Promise<void> {
  const input = progress.inputTokens || tokensIn(wish.instructions + wish.prompt);
  const output = progress.outputTokens || tokensIn(progress.text);
  const [row] = await transaction(task.entry, (tx) =>
    tx.query<{ cost: string }>("select assistant.note_tokens($1, $2, $3, $4, $5) as cost", [
      task.id,
      model.name,
      model.version,
      input,
      output,
    ]),
  );
  task.spend(Number(row?.cost ?? 0), { input_tokens: input, output_tokens: output });
  task.log(`${model.label} read ${input} tokens and wrote ${output}.`);
}
