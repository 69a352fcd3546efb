import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, test } from "node:test";
import { Secret, TOTP } from "otpauth";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, signInAs, type Windows } from "./browsing.ts";
import { linkInMail, makeProofOld, onPage, plugAuthenticatorIn, signOut } from "./people.ts";

const STEP_MS = 30_000;

describe("the account in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

  /** Somebody on the page of their own account. */
  async function openAccount(who: "owner" | "lena") {
    const cast = await app.makeCast({ lena: "labeler" });
    const page = await windows.openAs(cast, who);
    await page.getByRole("link", { name: "Your account" }).click();
    await onPage(page, "Your account");
    return { cast, page, ...cast.people[who] };
  }

  /** Sets an authenticator app up, and resolves with its codes and the recovery codes. */
  async function addApp(page: Page) {
    await page.getByRole("button", { name: "Add an authenticator app" }).click();
    await page.getByRole("textbox", { name: "Name of the app" }).fill("My phone");
    await page.keyboard.press("Enter");
    const adding = section(page, "New authenticator app");
    const uri = await adding.getByRole("link", { name: "open it in your app" }).getAttribute("href");
    const secret = Secret.fromBase32(new URL(uri ?? "").searchParams.get("secret") ?? "");
    const codeNow = (step = 0) => new TOTP({ secret }).generate({ timestamp: Date.now() + step * STEP_MS });
    await adding.getByRole("textbox", { name: "Code" }).fill("12 34");
    await page.keyboard.press("Enter");
    await page.locator("[aria-invalid=true]").waitFor();
    await checkPage(page);
    await adding.getByRole("textbox", { name: "Code" }).fill(codeNow(-1));
    await page.keyboard.press("Enter");
    const kept = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
    await kept.first().waitFor();
    const recoveryCodes = await kept.allInnerTexts();
    assert.equal(recoveryCodes.length, 10);
    await checkPage(page);
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("10 recovery codes left").waitFor();
    return { codeNow, recoveryCodes };
  }

  test("an authenticator app is set up with a proof of identity, and then its codes and the recovery codes are asked for", async () => {
    const { page, email, password } = await openAccount("lena");
    await makeProofOld(email);
    await page.getByRole("button", { name: "Add an authenticator app" }).click();
    await page.getByRole("textbox", { name: "Name of the app" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Is it you?" });
    await dialog.getByRole("textbox", { name: "Password" }).fill("not the password");
    await page.keyboard.press("Enter");
    await dialog.getByText("The password is not right.").waitFor();
    await checkPage(page);
    await dialog.getByRole("textbox", { name: "Password" }).fill(password);
    await page.keyboard.press("Enter");
    await section(page, "New authenticator app").getByRole("textbox", { name: "Code" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();

    const { codeNow, recoveryCodes } = await addApp(page);
    await section(page, "Second factors").getByText("My phone").waitFor();
    await signOut(page);

    await signInAs(page, { email, password });
    await onPage(page, "Second factor");
    await page.getByRole("textbox", { name: "Code" }).fill("000");
    await page.keyboard.press("Enter");
    await page.locator("[aria-invalid=true]").or(page.getByRole("alert")).first().waitFor();
    await checkPage(page);
    await page.getByRole("textbox", { name: "Code" }).fill(codeNow());
    await page.keyboard.press("Enter");
    await signOut(page);

    await signInAs(page, { email, password });
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await page.getByRole("textbox", { name: "Recovery code" }).fill(recoveryCodes[0] ?? "");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Your account" }).click();
    await page.getByText("9 recovery codes left").waitFor();
  });

  test("a passkey is added and signs in alone or after the password, and an organization that wants more than one lets in", async () => {
    const { cast, page, email, password } = await openAccount("owner");
    await plugAuthenticatorIn(page);
    const before = await windows.openAs(cast, "owner");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("textbox", { name: "Name of the passkey" }).press("Enter");
    await page.getByRole("button", { name: "I have kept them" }).click();
    const demand = { second_factor_required: true };
    const answer = await page.request.patch(`/api/organizations/${cast.slug}`, { data: demand });
    assert.equal(answer.status(), 200, await answer.text());
    await before.reload();
    await before.getByRole("heading", { name: "A second factor is needed" }).waitFor();
    await checkPage(before);
    await before.getByRole("link", { name: "Go to your account" }).click();
    await before.getByRole("button", { name: "Show it now" }).waitFor();

    await signOut(page);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await signOut(page);
    await signInAs(page, { email, password });
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByRole("button", { name: "Organization: Test organization" }).waitFor();
  });

  test("profile, sessions, data and leaving: a session that is signed out elsewhere is thrown out at its next call", async () => {
    const { cast, page, email, password } = await openAccount("lena");
    const elsewhere = await windows.openAs(cast, "lena");
    await checkPage(page);
    await page.getByRole("textbox", { name: "Your name" }).fill("Somebody Else");
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "Saved" }).waitFor();

    await page.reload();
    const sessions = section(page, "Where you are signed in");
    await sessions.getByRole("button", { name: /^Sign out: Chrome on Linux/ }).click();
    await sessions.getByRole("button", { name: "Sign out all others" }).waitFor({ state: "hidden" });
    await elsewhere.getByRole("link", { name: "Your account" }).click();
    await onPage(elsewhere, "Sign in");

    await makeProofOld(email);
    const arriving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download my data" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Password" }).fill(password);
    await page.keyboard.press("Enter");
    assert.match(await readFile(await (await arriving).path(), "utf8"), /Somebody Else/);
    await section(page, "What happened lately").getByText("Data downloaded").waitFor();

    await page.getByRole("button", { name: "Delete my account" }).click();
    await page.getByRole("textbox", { name: "Your e-mail address" }).fill("somebody@example.com");
    await page.keyboard.press("Enter");
    await page.getByText(`Type ${email}, if you mean it.`).waitFor();
    await page.getByRole("textbox", { name: "Your e-mail address" }).fill(email.toUpperCase());
    await page.keyboard.press("Enter");
    await onPage(page, "Your account is deleted");
    await checkPage(page);
    await page.goto(await linkInMail(email, "account_deleted"));
    await page.getByRole("button", { name: "Restore my account" }).click();
    await page.getByRole("status").filter({ hasText: "Your account is back" }).waitFor();
    await checkPage(page);
  });
});
