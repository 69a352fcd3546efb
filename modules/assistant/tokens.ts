const BYTES_PER_TOKEN = 3;

/** How many tokens a text has, rather too many than too few; the database reckons the same (assistant.tokens_in). */
export function tokensIn(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}
