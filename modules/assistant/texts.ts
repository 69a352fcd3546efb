import type { Transaction } from "../../kernel/tenancy/transaction.ts";
import type { TextWish, WritingTask } from "./text-writing.ts";

/** The model that is to write a text, and what so many tokens of it cost, in micro-credits. */
export type ChosenModel = { name: string; provider: string; cost: number };

/**
 * The model that is to write a text of so many tokens at most: the one named, or the organization's first. Throws conflict where none is
 * connected, invalid where it has none of this name, and limit_reached where the plan has no such tokens left.
 */
export async function chooseModel(
  tx: Transaction,
  { model, inputTokens, outputTokens }: { model?: string | undefined; inputTokens: number; outputTokens: number },
): Promise<ChosenModel> {
  const text = "select assistant.choose_model($1, $2, $3) as chosen";
  const [row] = await tx.query<{ chosen: ChosenModel }>(text, [model ?? null, inputTokens, outputTokens]);
  if (!row) throw new Error("The database chose no model and said nothing.");
  return row.chosen;
}

/**
 * Has the task's model write a text, which the task pays by its tokens. A text that breaks off is paid as far as it came. Throws a
 * `TaskFailure` where the model is gone, its provider fails, or nothing was written.
 */
export async function writeText(task: WritingTask, wish: TextWish): Promise<string> {
  const { write } = await import("./text-writing.ts");
  return write(task, wish);
}
