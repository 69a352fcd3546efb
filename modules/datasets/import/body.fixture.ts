import { readTexts, type TextsRead } from "./read-texts.ts";

/** The chunks as an upload would bring them. */
export async function* bodyOf(...chunks: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export function readCsvText(file: string | Buffer, options: { textColumn?: string } = {}): Promise<TextsRead> {
  return readTexts(bodyOf(file), { format: "csv", ...options });
}

export function readJsonText(file: string | Buffer, options: { textColumn?: string } = {}): Promise<TextsRead> {
  return readTexts(bodyOf(file), { format: "jsonl", ...options });
}

/** The only error there is, as "line: reason"; throws when there are several, or none. */
export function onlyError({ errors, errorsTotal }: TextsRead): string {
  const [error] = errors;
  if (!error || errorsTotal !== 1) throw new Error(`Expected one error, got ${errorsTotal}: ${JSON.stringify(errors)}`);
  return `${error.line}: ${error.reason}`;
}
