const NAMES: Record<string, string> = { ",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar" };
const DELIMITERS = Object.keys(NAMES);

/** The delimiter that stands most often in the header line outside quotes; a comma when there is none. */
export function detectDelimiter(headerLine: string): string {
  const unquoted = headerLine.replaceAll(/"[^"]*"?/g, "");
  const counts = DELIMITERS.map((delimiter) => unquoted.split(delimiter).length - 1);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** The delimiter as it can stand in a message. */
export function nameOfDelimiter(delimiter: string): string {
  return NAMES[delimiter] ?? `"${delimiter}"`;
}
