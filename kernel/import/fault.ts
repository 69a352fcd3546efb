const EXCERPT_LENGTH = 60;

/** A fault of the whole file: reading stops, and nothing of the file is taken. `line` counts from 1. */
export class FileFault extends Error {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.name = "FileFault";
    this.line = line;
  }
}

/** A value as it can stand in a message: quoted, with escapes, at most 60 characters of it. */
export function quote(value: string): string {
  const cut = value.length > EXCERPT_LENGTH ? `${value.slice(0, EXCERPT_LENGTH)}…` : value;
  return JSON.stringify(cut.toWellFormed());
}
