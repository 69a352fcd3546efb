import { launchChromium } from "../kernel/pdf/chromium.ts";
import { startApp } from "../test/browser/app.ts";
import { manageWindows } from "../test/browser/browsing.ts";
import { createProject, importTexts, textOn } from "../test/browser/labeling.ts";
import type { Finding } from "./bench.ts";

const GOAL_MS = 100;
const PRESSES = 40;
/** The first presses load code and fill caches. */
const WARMING_PRESSES = 5;

/** Resolves `window.painted` with the time from the next key press until another text stands in the page and is on the screen. */
const WATCH = `(() => {
  const shown = () => document.querySelector("section[aria-label=Text]")?.innerText;
  const before = shown();
  window.painted = new Promise((resolve) => {
    let pressedAt;
    addEventListener("keydown", () => { pressedAt = performance.now(); }, { capture: true, once: true });
    const observer = new MutationObserver(() => {
      if (shown() === undefined || shown() === before) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressedAt)));
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
})()`;

/** From a labeler's key press to the next text on the screen, in the real application; the figure is how often p95 goes into the goal. */
export async function bench(): Promise<Finding> {
  const app = await startApp();
  const browser = await launchChromium();
  try {
    const paints = await measure(app, browser);
    const p95 = quantile(paints, 0.95);
    const table = [{ presses: paints.length, "median ms": round(quantile(paints, 0.5)), "p95 ms": round(p95) }];
    return { table, figure: GOAL_MS / p95, goal: 1 };
  } finally {
    await browser.close();
  }
}

async function measure(
  app: Awaited<ReturnType<typeof startApp>>,
  browser: Awaited<ReturnType<typeof launchChromium>>,
): Promise<number[]> {
  const windows = manageWindows(browser, app);
  const cast = await app.makeCast({ admin: "task_admin", labeler: "labeler" });
  const texts = Array.from({ length: PRESSES + WARMING_PRESSES + 1 }, (_, index) => `Where is card number ${index}?`);
  const admin = await windows.openAs(cast, "admin");
  await createProject(admin, cast.slug, "Paint", ["Delivery", "Returns", "Billing", "Praise", "Other"]);
  await importTexts(admin, ...texts);
  const page = await windows.openAs(
    cast,
    "labeler",
    `${new URL(admin.url()).pathname.slice(cast.slug.length + 1)}/label`,
  );
  await admin.close();
  await textOn(page).waitFor();
  const paints: number[] = [];
  for (let press = 0; press < PRESSES + WARMING_PRESSES; press++) {
    await page.evaluate(WATCH);
    await page.keyboard.press("1");
    paints.push(await page.evaluate<number>("window.painted"));
  }
  await windows.close();
  return paints.slice(WARMING_PRESSES);
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
