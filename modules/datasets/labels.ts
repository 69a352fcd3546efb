import { textOf } from "../../kernel/import/named-rows.ts";
import { faultOfText } from "../../kernel/import/text.ts";

/** Most bytes (UTF-8) of a label. */
const LABEL_BYTES_MAX = 1_000;

/**
 * A label of a file as it is kept and compared: without spaces around it, and with letters in one form (NFC), however they were typed; or why
 * the value is none. `what` is what it is called there.
 */
export function readLabel(value: unknown, what: string): { label: string } | { fault: string } {
  const text = textOf(value);
  if (text === undefined) return { fault: `There is no ${what}. It must be a text.` };
  const fault = faultOfText(text, what, LABEL_BYTES_MAX);
  return fault ? { fault } : { label: text.trim().normalize("NFC") };
}
