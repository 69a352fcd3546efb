// What the modules below may call. It stays a door of one thing until a second is needed.
import { readTexts as read } from "./import/read-texts.ts";

/** Reads an uploaded file of texts; see `import/read-texts.ts`. */
export const readTexts = read;
