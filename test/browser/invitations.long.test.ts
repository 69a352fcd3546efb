import { randomUUID } from "node:crypto";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, signInAs, type Windows } from "./browsing.ts";
import { inviteAsLabeler, linkInMail, onPage, PASSWORD } from "./people.ts";

describe("invitations in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  test("a new person joins with an account made there, and the link is over then", async () => {
    const cast = await app.makeCast({});
    const owner = await windows.openAs(cast, "owner");
    const email = `${randomUUID()}@example.com`;
    await inviteAsLabeler(owner, cast, email);
    const link = await linkInMail(email, "invitation");
    const page = await windows.open();
    await page.goto(link);
    await page.getByText("We need your eyes.").waitFor();
    await page.getByRole("textbox", { name: "Your name" }).fill("Nora");
    await page.getByRole("textbox", { name: "Password" }).fill("nora");
    await page.keyboard.press("Enter");
    await page.locator("[aria-invalid=true]").waitFor();
    await checkPage(page);
    await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Your account: Nora" }).waitFor();

    const late = await windows.open();
    await late.goto(link);
    await late.getByRole("alert").waitFor();
    await checkPage(late);
    await owner.goto("about:blank");
    await owner.goto(link);
    await owner.getByRole("alert").waitFor();
  });

  test("somebody with an account signs in on the way; another one signs out first; at home it waits too", async () => {
    const [cast, other] = await Promise.all([app.makeCast({}), app.makeCast({})]);
    const owner = await windows.openAs(cast, "owner");
    const { email } = other.people.owner;
    await inviteAsLabeler(owner, cast, email);
    const link = await linkInMail(email, "invitation");
    await owner.goto("about:blank");
    await owner.goto(link);
    await owner.getByText(`It is for ${email}`).waitFor();
    await checkPage(owner);
    await owner.getByRole("button", { name: "Sign out and go on" }).click();
    await owner.getByRole("link", { name: "Sign in" }).click();
    await signInAs(owner, other.people.owner);
    await onPage(owner, "Invitation");
    await owner.getByRole("button", { name: "Join Test organization" }).waitFor();
    await checkPage(owner);

    const home = await owner.context().newPage();
    await home.goto("/?all=true");
    await home.getByRole("heading", { name: "Waiting for you" }).waitFor();
    await checkPage(home);
    await home.getByRole("button", { name: "Join: Test organization" }).click();
    await home.getByText("labeler", { exact: true }).waitFor();

    await owner.getByRole("button", { name: "Join Test organization" }).click();
    await owner.getByRole("alert").filter({ hasText: "This invitation was accepted already." }).waitFor();
    await owner.getByRole("link", { name: "Not now" }).click();
    await owner.getByRole("link", { name: "Test organization" }).nth(1).waitFor();
  });
});
