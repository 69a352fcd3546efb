import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, signInAs, type Windows } from "./browsing.ts";
import { linkInMail, onPage, PASSWORD, signOut } from "./people.ts";

const NEW_PASSWORD = "quite another sentence 58";
const NAME = "Ada مريم Lovelace-Featherstonehaugh-Cholmondeley";

/** Pages that a mail leads to and that ask for one click. */
const ONE_CLICK = {
  "/account/unlock": "Unlock your account",
  "/account/email": "New address",
};

describe("signing up in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  test("a new person is told of a weak password, proves the address by mail, is inside, and makes and changes organizations", async () => {
    const email = `${randomUUID()}@example.com`;
    const page = await windows.open();
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Create an account" }).click();
    await onPage(page, "Create an account");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("Fill this in.").first().waitFor();
    await page.getByRole("textbox", { name: "Your name" }).fill(NAME);
    await page.getByRole("textbox", { name: "E-mail" }).fill(email);
    await page.getByRole("textbox", { name: "Organization" }).fill("First House");
    await checkPage(page);
    await page.keyboard.press("Enter");
    await onPage(page, "Look into your mail");
    await checkPage(page);
    await page.goto(await linkInMail(email, "confirm_sign_up"));
    await onPage(page, "Almost done");
    assert.equal(new URL(page.url()).hash, "");
    const password = page.getByRole("textbox", { name: "Password" });
    await password.fill("password");
    await page.keyboard.press("Enter");
    await page.locator("[aria-invalid=true]:focus").and(password).waitFor();
    await checkPage(page);
    await password.fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: `Your account: ${NAME}` }).waitFor();
    assert.match(new URL(page.url()).pathname, /^\/first-house/);

    await page.getByRole("button", { name: "Organization: First House" }).click();
    await page.getByRole("menuitem", { name: "New organization" }).click();
    await onPage(page, "New organization");
    await checkPage(page);
    await page.getByRole("textbox", { name: "Name" }).fill("Second House");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Organization: Second House" }).click();
    await page.getByRole("menuitem", { name: "First House" }).click();
    await page.getByRole("button", { name: "Organization: First House" }).waitFor();
    await page.goto("/");
    await page.getByRole("link", { name: "Second House" }).waitFor();
    await checkPage(page);
  });

  test("a link that is over is told, and one that lost its token says where to go", async () => {
    const page = await windows.open();
    for (const [path, title] of Object.entries(ONE_CLICK)) {
      await page.goto(path);
      await onPage(page, title);
      await page.getByText("Open the link in the mail").waitFor();
      await page.goto(`${path}#tot_0198f2f0-0000-7000-8000-000000000001_0198f2f0-0000-7000-8000-000000000002_no`);
      await page.getByRole("button").last().click();
      await page.getByRole("alert").waitFor();
      await page.getByRole("link", { name: "Sign in" }).waitFor();
      await checkPage(page);
    }
  });

  test("who forgot the password sets a new one by mail and signs in with it, and the link works once", async () => {
    const cast = await app.makeCast({});
    const { email } = cast.people.owner;
    const page = await windows.open();
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Forgotten password" }).click();
    await onPage(page, "Forgotten password");
    await checkPage(page);
    await page.getByRole("textbox", { name: "E-mail" }).fill(email);
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: email }).waitFor();

    const link = await linkInMail(email, "reset_password");
    await page.goto(link);
    await onPage(page, "New password");
    const password = page.getByRole("textbox", { name: "New password" });
    await password.fill("short");
    await page.keyboard.press("Enter");
    await page.locator("[aria-invalid=true]").and(password).waitFor();
    await checkPage(page);
    await password.fill(NEW_PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "The password is set" }).waitFor();
    await page.getByRole("link", { name: "Sign in" }).click();
    await signInAs(page, { email, password: NEW_PASSWORD });
    await signOut(page);

    await page.goto("about:blank");
    await page.goto(link);
    await page.getByRole("textbox", { name: "New password" }).fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
  });
});
