import { formatCount } from "./limits.ts";

/** Why a value of a file cannot be kept as text, if it cannot; `what` is its name in the sentence, `bytesMax` counts UTF-8. */
export function faultOfText(text: string, what: string, bytesMax: number): string | undefined {
  if (text.trim() === "") return `The ${what} is empty. Fill it in, or delete the row.`;
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax) {
    return `The ${what} has ${formatCount(bytes)} bytes, and at most ${formatCount(bytesMax)} are allowed. Shorten it, or split it into several rows.`;
  }
  if (text.includes("\0")) return `The ${what} holds a NUL character (\\u0000), which cannot be stored. Delete it.`;
  if (!text.isWellFormed()) {
    return `The ${what} holds half of a surrogate pair (an escape from \\ud800 to \\udfff without its other half), which is not a character. Delete it, or write the whole character.`;
  }
  return undefined;
}
