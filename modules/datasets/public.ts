// What the modules below may call.
import { readTexts as read } from "./import/read-texts.ts";
import { readLabel as label } from "./labels.ts";

/** Reads an uploaded file of texts; see `import/read-texts.ts`. */
export const readTexts = read;
/** A label of a file as it is kept and compared; see `labels.ts`. */
export const readLabel = label;
