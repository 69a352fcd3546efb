/** The same diagram with no columns but those of keys: enough to see how tables hang together. */
export function onlyKeys(text: string): string {
  const lines = text.split("\n").filter((line) => !line.startsWith("    ") || / (?:PK|FK|UK)\b/.test(line));
  return lines.join("\n").replace(/ \{\n {2}\}/g, "");
}
