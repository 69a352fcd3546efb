import { z } from "zod";
import { taskKind } from "../../kernel/work.ts";
import { IMPORT_TYPE } from "./job.ts";
import { runImport } from "./running.ts";
import { runUndo } from "./undoing.ts";

/** A worker that was lost is a try, and each goes on where the last one was. */
const ATTEMPTS_MAX = 100;
const TIME_LIMIT_SECONDS = 6 * 3600;
/** So many imports of an organization run at once. */
const PLACES = 2;

const ImportInput = z.object({ import: z.uuid() });
type ImportInput = z.infer<typeof ImportInput>;

const COMMON = {
  category: "system",
  workerType: "internal",
  input: ImportInput,
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: ATTEMPTS_MAX,
  limits: () => ({ lane: { name: "imports", places: PLACES } }),
  isOpen: false,
} as const;

export const importKind = taskKind<ImportInput>({
  ...COMMON,
  type: IMPORT_TYPE,
  summary: "Takes in the rows of a file",
  run: runImport,
});

export const undoKind = taskKind<ImportInput>({
  ...COMMON,
  type: "imports.undo_rows",
  summary: "Undoes the import of a file",
  run: runUndo,
});
