import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { extractText } from "unpdf";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { exportKind } from "../../modules/studio/exports.ts";
import { startWorker } from "../../modules/tasks/public.ts";
import { atEnd, createScratchDatabase, openTestDatabase, testServices } from "../harness.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { onPage } from "./people.ts";

const LOOK_MS = 50;

describe("a studio session in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;

  before(async () => {
    // Of its own: its worker would print what other tests ask for.
    const on = await createScratchDatabase();
    [browser, app] = await Promise.all([launchChromium(), startApp({ on })]);
    windows = manageWindows(browser, app);
    const worker = startWorker({
      database: openTestDatabase(on),
      services: testServices(),
      kinds: [exportKind],
      jobs: [],
      works: [],
      concurrency: 1,
      log: { error: ({ err }, message) => console.error(message, err) },
      times: { lookAgainMs: LOOK_MS },
    });
    atEnd(() => worker.stop());
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  test("two people write at once, offline too: what fits is merged, what does not is chosen; a link and a PDF show it", async () => {
    const cast = await app.makeCast({ mate: "member" });
    const page = await windows.openAs(cast, "owner", "/studio");
    await beginSession(page);
    await field(page, "Problem").fill("Guests find no lamp.");
    await page.getByRole("button", { name: "Add a goal" }).click();
    await page.keyboard.type("Furnish forty rooms");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Floor by floor");
    await shows(page, "Saved");
    await checkPage(page);

    await page.getByRole("combobox", { name: "Open it to" }).fill("mate");
    await page.getByRole("option", { name: /^mate/ }).click();
    await page.getByRole("list", { name: "People" }).getByText("reads and writes").waitFor();
    const mate = await windows.openAs(cast, "mate", new URL(page.url()).pathname.slice(cast.slug.length + 1));
    await field(mate, "Goal 2").waitFor();
    await field(mate, "Desired solution").fill("A lamp at each bed");
    await until(page, "Desired solution", "A lamp at each bed");

    await mate.context().setOffline(true);
    await field(mate, "Current state").fill("Candles");
    await field(mate, "Goal 1").fill("Furnish fifty rooms");
    await shows(mate, "Offline: kept on this device");
    await field(page, "Current state").fill("One lamp a floor");
    await field(page, "Goal 2").fill("Floor by floor, from above");
    await shows(page, "Saved");
    await mate.context().setOffline(false);
    await shows(mate, "Conflict: choose below");
    await until(mate, "Goal 2", "Floor by floor, from above");
    const conflict = mate.getByRole("group", { name: "Conflict: Current state" });
    await conflict.getByText("One lamp a floor").waitFor();
    await checkPage(mate);
    await conflict.getByRole("button", { name: "Keep yours" }).click();
    await shows(mate, "Saved");
    await until(page, "Current state", "Candles");
    await until(page, "Goal 1", "Furnish fifty rooms");

    // Nothing is saved any more, and the page is lost.
    await mate.route("**/documents/structuring", (route) =>
      route.request().method() === "PUT" ? route.abort() : route.continue(),
    );
    await field(mate, "Problem").fill("Guests find no lamp at night.");
    await shows(mate, "Offline: kept on this device");
    await mate.reload();
    await until(mate, "Problem", "Guests find no lamp at night.");
    await mate.unroute("**/documents/structuring");
    await shows(mate, "Saved");
    await until(page, "Problem", "Guests find no lamp at night.");

    await shareAndTakeBack(page, await windows.open());
    const text = await printAndRead(page);
    for (const words of ["Forty rooms", "For Hotel Fjordblick", "Candles", "Furnish fifty rooms"])
      assert.ok(text.includes(words), `${words} is not in: ${text}`);
  });
});

const field = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

const shows = (page: Page, status: string) => page.getByRole("status", { name: status, exact: true }).waitFor();

/** Resolves when a field says it. */
async function until(page: Page, name: string, value: string): Promise<void> {
  const input = field(page, name);
  await input.waitFor();
  await page.waitForFunction(([element, wanted]) => (element as { value?: string }).value === wanted, [
    await input.elementHandle(),
    value,
  ] as const);
}

/** Makes a link, which a stranger opens until it is taken back. */
async function shareAndTakeBack(page: Page, stranger: Page): Promise<void> {
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByRole("status").locator("pre").innerText();
  const answer = await stranger.goto(link);
  assert.equal(answer?.headers()["x-robots-tag"], "noindex, nofollow");
  await onPage(stranger, "Forty rooms");
  await stranger.getByText("Candles").waitFor();
  await checkPage(stranger);
  await page.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("button", { name: /^Take back: / }).click();
  await page.getByRole("button", { name: /^Take it back for good/ }).click();
  await page.getByText("Taken back", { exact: true }).waitFor();
  await stranger.reload();
  await stranger.getByRole("heading", { name: "This link opens nothing" }).waitFor();
}

/** Has a PDF made, and resolves with what stands in it. */
async function printAndRead(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Make a PDF" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download forty-rooms.pdf" }).click();
  const { text } = await extractText(new Uint8Array(await readFile(await (await download).path())), {
    mergePages: true,
  });
  return text;
}

/** Begins a session on the page of sessions, and ends on its own. */
async function beginSession(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "No session yet" }).waitFor();
  await page.getByRole("button", { name: "New session" }).click();
  await checkPage(page);
  await page.getByRole("textbox", { name: "Title" }).fill("Forty rooms");
  await page.getByRole("textbox", { name: "Customer" }).fill("Hotel Fjordblick");
  await page.getByRole("button", { name: "Begin the session" }).click();
  await onPage(page, "Forty rooms");
}
