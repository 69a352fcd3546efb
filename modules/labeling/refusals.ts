import { refusalOf } from "../../kernel/http/problem-document.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson as ask } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";

/** As the kernel's, and throws a Problem when the database refuses. */
export async function askJson(context: Context, text: string, values: readonly unknown[]): Promise<JsonText> {
  return refusing(() => ask(context, text, values));
}

/** Runs `work` and turns what the database refuses, in words for people, into a Problem. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}
