import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { kinds } from "../../app.ts";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { startWorker } from "../../modules/tasks/engine/worker.ts";
import { atEnd, createScratchDatabase, openTestDatabase, testServices } from "../harness.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { fileOf } from "./labeling.ts";
import { onPage } from "./people.ts";

describe("benchmarks in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;

  before(async () => {
    const login = await createScratchDatabase();
    [browser, app] = await Promise.all([launchChromium(), startApp({ on: login })]);
    windows = manageWindows(browser, app);
    const log = { error: ({ err }: { err: unknown }) => console.error(err) };
    const database = openTestDatabase(login);
    const times = { sweepMs: 50, lookAgainMs: 20, graceMs: 100, drainMs: 50 };
    const work = { database, services: testServices(), kinds, jobs: [], works: [], concurrency: 2, log, times };
    atEnd(startWorker(work).stop);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  test("a task admin sets a benchmark up, a participant hands in, and the leaderboard shows both what came of it", async () => {
    const cast = await app.makeCast({ tara: "task_admin", pavel: "participant" });
    const tara = await windows.openAs(cast, "tara", "/benchmarks/new");
    await tara.getByRole("textbox", { name: "Name" }).fill("Letters");
    await tara.getByRole("button", { name: "Create benchmark" }).click();
    await tara.getByText("Upload the items with their answers first.").waitFor();
    const gold = tara.getByLabel("Choose a file of items or drop it here");
    await gold.setInputFiles(fileOf("gold.csv", "input,answer\none,a\ntwo,\n"));
    await tara.getByRole("alert").filter({ hasText: "1 mistake in 2 rows" }).waitFor();
    await tara
      .getByLabel("Choose the mended file of items or drop it here")
      .setInputFiles(fileOf("gold.csv", "input,answer\none,a\ntwo,a\nthree,b\nfour,c\n"));
    await tara.getByRole("button", { name: "Upload 4 items" }).click();
    await tara.getByRole("status").filter({ hasText: "4 items uploaded" }).waitFor();
    await checkPage(tara);
    await choose(tara, "Who takes part", "pavel");
    await tara.getByRole("button", { name: "Create benchmark" }).click();
    await onPage(tara, "Letters");
    await tara.getByRole("button", { name: "Open it" }).click();
    await tara.getByRole("region", { name: "Leaderboard" }).first().waitFor();

    const pavel = await windows.openAs(cast, "pavel", "/benchmarks");
    await pavel.getByRole("link", { name: "Letters" }).click();
    const predictions = pavel.getByLabel("Choose a file or drop it here");
    await predictions.setInputFiles(fileOf("bad.csv", "position,label\n1,a\n1,b\n9,c\n"));
    await pavel.getByText("Line 2 predicts this item already.").waitFor();
    await pavel
      .getByLabel("Choose the mended file or drop it here")
      .setInputFiles(fileOf("good.csv", "position,label\n1,a\n2,b\n3,b\n"));
    await pavel.getByText("3 predictions, no mistakes found. 1 item without one will count as wrong.").waitFor();
    await pavel.getByRole("button", { name: "Hand in" }).click();
    const mine = pavel.getByRole("list", { name: "My submissions" }).getByRole("listitem");
    await mine.filter({ hasText: "Completed" }).filter({ hasText: "Accuracy 0.5000" }).waitFor();
    const place = pavel.getByRole("table").getByRole("row").filter({ hasText: "pavel (you)" });
    await place.filter({ hasText: "0.4444" }).waitFor();
    await pavel.getByText("4 of 5 left today").waitFor();
    await checkPage(pavel);

    await tara.getByRole("button", { name: /^Close it/ }).click();
    await tara.getByRole("button", { name: /^Close and show private scores/ }).click();
    await tara.getByText("Closed", { exact: true }).waitFor();
    await tara.getByRole("table").getByRole("row").filter({ hasText: "pavel" }).waitFor();
    await checkPage(tara);
    await pavel.goto(`/${cast.slug}/benchmarks`);
    await pavel.getByText("you are at rank 1 with 0.4444").waitFor();
    await checkPage(pavel);
  });
});

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).fill(option);
  await page.getByRole("option", { name: option }).click();
  await page.keyboard.press("Escape");
}
