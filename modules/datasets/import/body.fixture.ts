import { bodyOf } from "../../../kernel/import/body.fixture.ts";
import { readTexts, type TextsRead } from "./read-texts.ts";

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
