import type { Browser } from "playwright-core";
import { Problem } from "../errors.ts";
import { launchChromium } from "./chromium.ts";

/** A document may be this long as HTML, its pictures included; in characters. */
const PRINTED_CHARACTERS_MAX = 5_000_000;

/** How long Chromium may take over one document. */
const PRINT_MS_MAX = 60_000;

/**
 * Prints a whole HTML document on A4 pages and resolves with the PDF, which has the document's title, its headings as
 * bookmarks and a number on every page. The page runs no script and reaches no network: everything it shows stands in its
 * text, pictures as `data:` addresses. Each document has a Chromium of its own, so that none can see another's.
 * An abort ends it.
 */
export async function printPdf(html: string, { signal }: { signal?: AbortSignal } = {}): Promise<Buffer> {
  if (html.length > PRINTED_CHARACTERS_MAX)
    throw new Problem("too_large", {
      detail: `The document is longer than ${PRINTED_CHARACTERS_MAX.toLocaleString("en")} characters.`,
      hint: "Print a part of it.",
    });
  signal?.throwIfAborted();
  const browser = await launchChromium();
  const close = () => void browser.close().catch(() => undefined);
  signal?.addEventListener("abort", close);
  try {
    // It may have been told to end while the browser started.
    signal?.throwIfAborted();
    return await printWith(browser, html);
  } finally {
    signal?.removeEventListener("abort", close);
    await browser.close().catch(() => undefined);
  }
}

async function printWith(browser: Browser, html: string): Promise<Buffer> {
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
  context.setDefaultTimeout(PRINT_MS_MAX);
  // Going offline does not keep a page from files of this machine.
  await context.route("**/*", (route) => route.abort());
  const page = await context.newPage();
  await page.setContent(html, { waitUntil: "load" });
  return page.pdf({
    format: "A4",
    margin: { top: "20mm", right: "18mm", bottom: "22mm", left: "18mm" },
    printBackground: true,
    tagged: true,
    outline: true,
    displayHeaderFooter: true,
    headerTemplate: "<span></span>",
    footerTemplate:
      '<div style="width:100%;text-align:center;font:8px sans-serif;color:#666"><span class="pageNumber"></span> / <span class="totalPages"></span></div>',
  });
}
