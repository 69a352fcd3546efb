import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { onPage } from "./people.ts";

describe("content in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  test("somebody writes a page, a colleague sends it back and then publishes it, and a stranger reads it", async () => {
    const cast = await app.makeCast({ writer: "member", publisher: "moderator" });
    const writer = await windows.openAs(cast, "writer", "/content");
    await writer.getByRole("link", { name: "New content" }).click();
    await writer.getByRole("textbox", { name: "Title" }).fill("Why we oil our oak");
    await writer.getByRole("button", { name: "Create" }).click();
    await onPage(writer, "Why we oil our oak");
    await writer.getByRole("textbox", { name: "Text", exact: true }).fill("Oil lets the wood **breathe**.");
    await writer.getByRole("region", { name: "Preview" }).getByText("breathe").waitFor();
    await writer.getByRole("button", { name: "Send to review" }).and(writer.locator(":disabled")).waitFor();
    await writer.keyboard.press("ControlOrMeta+s");
    await writer.getByText("Saved", { exact: true }).waitFor();
    await checkPage(writer);
    await writer.getByRole("button", { name: "Send to review" }).click();
    await writer.getByText("In review", { exact: true }).waitFor();
    assert.equal(await writer.getByRole("button", { name: "Publish" }).count(), 0);
    const path = new URL(writer.url()).pathname;

    const publisher = await windows.openAs(cast, "publisher", path.slice(cast.slug.length + 1));
    await publisher.getByRole("button", { name: "Send back" }).click();
    await publisher.getByRole("textbox", { name: "Why does it go back?" }).fill("Which oil?");
    await publisher.getByRole("button", { name: "Send back with this" }).click();
    await publisher.getByRole("list", { name: "Versions" }).getByText("Which oil?").waitFor();

    await writer.reload();
    await writer.getByText("Which oil?").waitFor();
    await writer.getByRole("textbox", { name: "Text", exact: true }).fill("Linseed oil lets the wood **breathe**.");
    await writer.getByRole("button", { name: "Save" }).click();
    await writer.getByText("Saved", { exact: true }).waitFor();
    await writer.getByRole("button", { name: "Send to review" }).click();
    await writer.getByText("In review", { exact: true }).waitFor();
    await publisher.reload();
    await publisher.getByRole("button", { name: "Publish" }).click();
    await publisher.getByRole("link", { name: "read it at" }).waitFor();
    await checkPage(publisher);

    const stranger = await windows.open();
    await stranger.goto(`/p/${cast.slug}/`);
    await stranger.getByRole("link", { name: "Why we oil our oak" }).click();
    await stranger.getByText("Linseed oil lets the wood breathe.").waitFor();
    await checkPage(stranger);
  });
});
