const DELIMITERS = [",", ";", "\t", "|"] as const;

export type Delimiter = (typeof DELIMITERS)[number];

/** The delimiter that stands most often in the header line outside quotes; a comma when there is none. */
export function detectDelimiter(headerLine: string): Delimiter {
  const unquoted = headerLine.replaceAll(/"[^"]*"?/g, "");
  const counts = DELIMITERS.map((delimiter) => unquoted.split(delimiter).length - 1);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** The delimiter as it can stand in a message. */
export function nameOfDelimiter(delimiter: Delimiter): string {
  return { ",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar" }[delimiter];
}
