/** How long a test waits for a thing to appear before it fails. */
export const PATIENCE_MS = 15_000;
