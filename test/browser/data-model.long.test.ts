import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, type Cast, startApp } from "./app.ts";
import { manageWindows, signInAs, type Windows } from "./browsing.ts";
import { onPage } from "./people.ts";

const PHONE = { width: 390, height: 844 };
const DRAG_PX = 120;

describe("the data model in a browser", () => {
  let browser: Browser;
  let app: App;
  let cast: Cast<"owner" | "viewer">;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
    cast = await app.makeCast({ viewer: "viewer" });
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  /** A window at an address of the data model, of somebody who was asked to sign in on the way there. */
  async function openModel(path = "", prepare?: (page: Page) => Promise<void>): Promise<Page> {
    const page = await windows.open();
    await prepare?.(page);
    await page.goto(`/data-model${path}`);
    await signInAs(page, cast.people.viewer);
    await onPage(page, "Data model");
    return page;
  }

  const field = (page: Page) => page.getByRole("combobox", { name: "Search the data model" });
  const diagram = (page: Page) => page.getByRole("group", { name: /^Diagram of/ });
  const drawn = (page: Page, table: string) =>
    diagram(page).getByRole("button", { name: `Table ${table}`, exact: true });
  const details = (page: Page, table: string) => page.getByRole("region", { name: table, exact: true });

  async function placeOf(page: Page, table: string) {
    return (await drawn(page, table).boundingBox()) ?? assert.fail(`${table} is not drawn`);
  }

  async function zoomOf(page: Page): Promise<number> {
    return Number.parseInt(await page.getByRole("status", { name: "Zoom level" }).innerText(), 10);
  }

  for (const viewport of [undefined, PHONE]) {
    test(`searching, choosing, zooming and reading ${viewport ? "on a phone" : "on a screen"}`, async () => {
      const page = await openModel("", async (opened) => {
        if (viewport) await opened.setViewportSize(viewport);
      });
      assert.equal(await page.locator("script[src*=mermaid]").count(), 0, "Mermaid is fetched before it is needed");
      await page.getByRole("list", { name: "All domains" }).getByRole("link", { name: "Labeling" }).waitFor();
      await checkPage(page);
      if (viewport) await page.setViewportSize(viewport);

      await field(page).fill("gold_pla");
      await page.getByRole("option", { name: "labeling.gold_placements" }).waitFor();
      await field(page).fill("assignment");
      await page.getByRole("option", { name: "labeling.assignments" }).waitFor();
      assert.equal(await page.getByRole("option", { selected: true }).innerText(), "labeling.assignments");
      await page.keyboard.press("ArrowDown");
      assert.match(await page.getByRole("option", { selected: true }).innerText(), /^labeling\..*assignment_id$/s);
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Enter");

      await drawn(page, "assignments").and(page.locator("[aria-pressed=true]")).waitFor();
      assert.equal(new URL(page.url()).pathname, "/data-model/labeling");
      const { tables } = await (await page.request.get("/api/data-model/domains/labeling")).json();
      assert.ok(tables.length > 0);
      for (const { name } of tables) await drawn(page, name).waitFor();
      await details(page, "assignments")
        .getByRole("row", { name: /^task_id/ })
        .getByText("FK", { exact: true })
        .waitFor();
      const shown = details(page, "assignments");
      await shown.getByRole("region", { name: "Indexes of assignments" }).getByText("What a labeler holds").waitFor();
      await shown.getByRole("region", { name: "Row rules of assignments" }).getByText("tenon_own").first().waitFor();
      await shown.getByRole("row", { name: /labeler.*Own rows/ }).waitFor();

      const before = { zoom: await zoomOf(page), place: await placeOf(page, "assignments") };
      await page.getByRole("button", { name: "Zoom in" }).click();
      assert.ok((await zoomOf(page)) > before.zoom);
      assert.ok((await placeOf(page, "assignments")).width > before.place.width);
      await page.getByRole("button", { name: "Fit" }).click();
      assert.ok((await zoomOf(page)) < before.zoom);
      await checkPage(page);
    });
  }

  test("the diagram is moved by mouse and keys, zoomed by wheel and keys, and a drag chooses nothing", async () => {
    const page = await openModel("/labeling?table=labels");
    await details(page, "labels").waitFor();
    const start = await placeOf(page, "labels");
    const [x, y] = [start.x + start.width / 2, start.y + start.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + DRAG_PX, y + 10, { steps: 5 });
    await page.mouse.up();
    const dragged = await placeOf(page, "labels");
    assert.ok(Math.abs(dragged.x - start.x - DRAG_PX) < 2, `${start.x} → ${dragged.x}`);
    await drawn(page, "label_revisions").hover();
    await page.mouse.down();
    await page.mouse.move(x, y, { steps: 3 });
    await page.mouse.up();
    assert.ok(await details(page, "labels").isVisible());

    await diagram(page).focus();
    const still = await placeOf(page, "labels");
    await page.keyboard.press("ArrowRight");
    assert.ok((await placeOf(page, "labels")).x < still.x);
    const zoom = await zoomOf(page);
    await page.keyboard.press("+");
    assert.ok((await zoomOf(page)) > zoom);
    await page.keyboard.press("-");
    assert.equal(await zoomOf(page), zoom);
    await page.mouse.move(x, y);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -200);
    await page.keyboard.up("Control");
    await page
      .getByRole("status", { name: "Zoom level" })
      .filter({ hasNotText: `${zoom}%` })
      .waitFor();
    await page.keyboard.press("0");
    await drawn(page, "organizations.memberships").click();
    await details(page, "memberships").waitFor();
    assert.equal(new URL(page.url()).pathname, "/data-model/organizations");
  });

  test("two fingers zoom on a touch screen, and what is between them stays", async () => {
    const page = await openModel("/calendar");
    await drawn(page, "appointments").waitFor();
    const [zoom, place] = [await zoomOf(page), await placeOf(page, "appointments")];
    const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
    const session = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...apart: number[]) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: apart.flatMap((half) => [
          { x: x - half, y, id: 0 },
          { x: x + half, y, id: 1 },
        ]),
      });
    await touch("touchStart", 20);
    for (const half of [25, 30, 35, 40]) await touch("touchMove", half);
    await touch("touchEnd");
    await page
      .getByRole("status", { name: "Zoom level" })
      .filter({ hasNotText: `${zoom}%` })
      .waitFor();
    const pinched = await placeOf(page, "appointments");
    assert.ok(Math.abs((await zoomOf(page)) / zoom - 2) < 0.1, `${zoom}% → ${await zoomOf(page)}%`);
    assert.ok(Math.abs(pinched.x + pinched.width / 2 - x) < 4);
  });

  test("words that stand nowhere are understood, or the nearest names are told; / comes and Escape clears", async () => {
    const page = await openModel();
    await field(page).waitFor();
    await page.getByRole("heading", { level: 1 }).focus();
    await page.keyboard.press("/");
    await page.keyboard.type("annotators");
    await page.getByText("Nothing is called so.").waitFor();
    await page.getByRole("option", { name: "labeling.labels" }).waitFor();
    await field(page).fill("asignmets");
    await page.getByText("Nothing is about “asignmets”.").waitFor();
    await page.getByRole("button", { name: "assignments", exact: true }).click();
    await page.getByRole("option", { name: "labeling.assignments" }).waitFor();
    await page.waitForURL(/\?q=assignments$/);
    await page.reload();
    await page.getByRole("option", { name: "labeling.assignments" }).waitFor();
    await field(page).press("Escape");
    assert.equal(await field(page).inputValue(), "");
    await page.getByRole("list", { name: "Domains", exact: true }).waitFor();
    await page.waitForURL(/\/data-model$/);
  });

  test("the diagram follows the colors of the page", async () => {
    const page = await openModel("/calendar");
    const headColor = () => drawn(page, "appointments").locator("path").first().getAttribute("fill");
    await drawn(page, "appointments").waitFor();
    const light = await headColor();
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator("[data-mantine-color-scheme=dark]").waitFor();
    await page.locator("svg style").filter({ hasText: "#10355a" }).waitFor({ state: "attached" });
    assert.notEqual(await headColor(), light);
  });

  test("without a diagram the tables are there and it is said why; without the server too, and both can be tried again", async () => {
    const script = "**/assets/mermaid*";
    const page = await openModel("/calendar", async (opened) => {
      await opened.route(script, (route) => route.fulfill({ status: 404 }));
    });
    const alert = page.getByRole("alert").filter({ hasText: "The diagram can't be drawn" });
    await alert.filter({ hasText: "could not be loaded" }).waitFor();
    await page
      .getByRole("list", { name: "What the tables of Calendar hold" })
      .getByRole("link", { name: "appointments" })
      .click();
    await details(page, "appointments").waitFor();
    await checkPage(page);
    await page.unroute(script);
    await alert.getByRole("button", { name: "Try again" }).click();
    await drawn(page, "appointments").waitFor();

    const api = "**/api/data-model";
    await page.route(api, (route) => route.fulfill({ status: 429, body: "" }));
    await page.reload();
    await page.getByRole("alert").filter({ hasText: "The server answered 429" }).waitFor();
    await page.unroute(api);
    await page.getByRole("button", { name: "Try again" }).click();
    await drawn(page, "appointments").waitFor();
    await page.goto("/data-model/nowhere");
    await page.getByRole("heading", { name: "There is no domain “nowhere”" }).waitFor();
  });

  test("sensitive tables are marked, the document is downloaded, and the account leads there", async () => {
    const page = await windows.openAs(cast, "viewer");
    await page.getByRole("link", { name: "Your account" }).click();
    await page.getByRole("link", { name: "Data model" }).click();
    await page.getByRole("list", { name: "Domains", exact: true }).getByRole("link", { name: "Identity" }).click();
    const tables = page.getByRole("list", { name: "Tables of Identity", exact: true });
    await tables
      .getByRole("link", { name: "credentials" })
      .getByRole("img", { name: "sensitivity critical" })
      .waitFor();
    await tables.getByRole("link", { name: "credentials" }).click();
    await details(page, "credentials").getByRole("alert").filter({ hasText: "Critical" }).waitFor();
    await page.getByRole("button", { name: "Download document" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "SQL" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "identity.sql");
  });
});
