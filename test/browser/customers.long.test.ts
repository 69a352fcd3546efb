import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, type Cast, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { onPage } from "./people.ts";

/** A Monday. */
const DAY = "2027-03-01";

describe("customers, projects and appointments in a browser", () => {
  let browser: Browser;
  let app: App;
  let cast: Cast<"milan" | "victor" | "owner">;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
    cast = await app.makeCast({ milan: "member", victor: "viewer" });
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  test("a customer becomes active, gets a project whose cards are moved by keys and by mouse, and an appointment at a free time", async () => {
    const page = await windows.openAs(cast, "milan", "/customers");
    await page.getByRole("link", { name: "New customer" }).first().click();
    await onPage(page, "New customer");
    await page.getByRole("textbox", { name: "Name" }).fill("Ada Lovelace");
    await page.getByRole("textbox", { name: "E-mail" }).fill("ada@engines.example");
    await page.getByRole("button", { name: "Create customer" }).click();
    await onPage(page, "Ada Lovelace");
    await page.getByRole("textbox", { name: "Why it changes" }).fill("Signed the offer.");
    await page.getByRole("button", { name: "Active", exact: true }).click();
    const way = page.getByRole("list", { name: "The way so far" }).getByRole("listitem");
    await way.filter({ hasText: "Lead → Active" }).filter({ hasText: "Signed the offer." }).waitFor();
    await checkPage(page);

    await page.getByRole("link", { name: "New project" }).click();
    // Until the other page has come, the fields of this one are found.
    await onPage(page, "New project");
    await page.getByRole("textbox", { name: "Name" }).fill("The engine");
    await page.getByRole("button", { name: "Create project" }).click();
    await onPage(page, "The engine");
    for (const title of ["Draw it", "Build it", "Oil it"]) {
      await page.getByRole("textbox", { name: "Title of a new card" }).fill(title);
      await page.keyboard.press("Enter");
      await cardIn(page, "To do", title).waitFor();
    }
    const viewer = await windows.openAs(cast, "victor", new URL(page.url()).pathname.slice(cast.slug.length + 1));
    await cardIn(viewer, "To do", "Oil it").waitFor();

    await cardIn(page, "To do", "Draw it").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowUp");
    await page.getByRole("status").filter({ hasText: "Build it: To do, 1 of 3" }).waitFor();
    for (const name of ["In progress", "Review"]) {
      await page.keyboard.press("Shift+ArrowRight");
      await cardIn(page, name, "Build it").waitFor();
    }
    await page.getByRole("status").filter({ hasText: "Build it: Review, 1 of 1" }).waitFor();
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Build it");
    await cardIn(page, "To do", "Oil it").dragTo(cardIn(page, "Review", "Build it"), {
      targetPosition: { x: 5, y: 2 },
    });
    await cardIn(page, "Review", "Oil it").waitFor();
    // Whoever looks on sees it by itself, and moves nothing.
    await cardIn(viewer, "Review", "Oil it").waitFor();
    assert.deepEqual(await column(viewer, "Review").getByRole("listitem").allInnerTexts(), ["Oil it", "Build it"]);
    assert.equal(await viewer.getByRole("button", { name: "Move Oil it" }).count(), 0);
    await checkPage(page);

    await page.getByRole("link", { name: "Ada Lovelace" }).click();
    for (const title of ["Kick-off", "Second look"]) {
      await page.goto(`/${cast.slug}/calendar`);
      await page.getByRole("button", { name: "New appointment" }).click();
      await page.getByRole("textbox", { name: "Title" }).fill(title);
      await page.getByRole("textbox", { name: "Day" }).fill(DAY);
      await page.getByRole("button", { name: "Book appointment" }).click();
      if (title === "Kick-off") await page.getByRole("listitem").filter({ hasText: title }).waitFor();
    }
    await page.getByRole("alert").filter({ hasText: "There is another appointment at this time." }).waitFor();
    await page.getByRole("button", { name: /10:00.*11:00/ }).click();
    await page.getByRole("listitem").filter({ hasText: "Second look" }).filter({ hasText: "10:00" }).waitFor();
    await page.getByRole("button", { name: "Change Second look" }).click();
    await page.getByRole("menuitem", { name: "Confirm" }).click();
    await page.getByRole("listitem").filter({ hasText: "Second look" }).filter({ hasText: "Confirmed" }).waitFor();
    await checkPage(page);
  });
});

function column(page: Page, name: string) {
  return page.getByRole("region", { name, exact: true });
}

function cardIn(page: Page, name: string, title: string) {
  return column(page, name).getByRole("button", { name: title, exact: true });
}
