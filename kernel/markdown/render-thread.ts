import { parentPort } from "node:worker_threads";
import { htmlOf } from "./html.ts";

/** Told what to render, answers with it, or with nothing where the text is nested deeper than the thread's stack. */
parentPort?.on("message", (markdown: string) => {
  parentPort?.postMessage(tryHtmlOf(markdown));
});

function tryHtmlOf(markdown: string): string | undefined {
  try {
    return htmlOf(markdown, "page");
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
