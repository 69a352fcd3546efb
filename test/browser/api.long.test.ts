import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { routes } from "../../app.ts";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";

let browser: Browser;
let app: App;
let windows: Windows;

before(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  windows = manageWindows(browser, app);
});
after(() => browser?.close());

test("the reader shows every operation to everybody, finds them by word and key, and has an address for each", async () => {
  const page = await windows.open();
  await page.goto("/api/docs");
  await page.getByRole("region", { name: "What holds everywhere" }).waitFor();
  assert.equal(
    await page.getByRole("navigation", { name: "Operations" }).getByRole("link", { includeHidden: true }).count(),
    routes.length,
  );
  await checkPage(page);

  await page.keyboard.press("/");
  await page.keyboard.type("create project");
  const found = page.getByRole("list", { name: "Operations found" });
  await found.getByRole("link", { name: "labeling.project.create" }).waitFor();
  await page.keyboard.press("Enter");
  const operation = page.getByRole("region", { name: "labeling.project.create", exact: true });
  await operation.getByText("labeling.project.manage").waitFor();
  const fields = operation.getByRole("region", { name: "Body of labeling.project.create" });
  await fields.getByText("labels[].name").waitFor();
  await operation.getByText("curl -X POST").waitFor();
  await checkPage(page);

  const address = page.url();
  assert.match(address, /operation=labeling\.project\.create/);
  const other = await windows.open();
  await other.goto(address);
  await other.getByRole("region", { name: "labeling.project.create", exact: true }).waitFor();
  await other.goto("/api/docs?operation=nothing");
  await other.getByRole("heading", { name: "There is no operation “nothing”" }).waitFor();
  await other.getByRole("link", { name: "All operations" }).click();
  await other.getByRole("region", { name: "What holds everywhere" }).waitFor();
  await windows.close();
});
