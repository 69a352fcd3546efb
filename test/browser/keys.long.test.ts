import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { makeProofOld, onPage } from "./people.ts";

const TOKEN = /^tak_[0-9a-f-]+_[0-9a-f-]+_[\w-]+$/;

describe("API keys in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  /** What the API answers to a key. */
  async function statusOf(token: string, slug: string, path: string): Promise<number> {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${app.address}/api/organizations/${slug}/${path}`, { headers })).status;
  }

  async function shownToken(page: Page): Promise<string> {
    return (await page.getByText(TOKEN).textContent()) ?? assert.fail("No token is shown.");
  }

  /** Fills the form in for a key of a new service, which may take part in benchmarks. */
  async function fillServiceKey(page: Page): Promise<void> {
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Nightly scores");
    await page.getByRole("combobox", { name: "Acts as" }).selectOption("A new service");
    await page.getByText("Choose its roles first.").waitFor();
    await page.getByRole("textbox", { name: "Name of the service" }).fill("Scorer");
    await page.getByRole("combobox", { name: "Roles" }).fill("partic");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.getByRole("checkbox", { name: "All of evaluation" }).check();
    await page.getByText("2 of 5 chosen").waitFor();
  }

  /** Rotates the key, so that the first secret ends at once. Resolves with the second token. */
  async function rotate(page: Page, first: string, slug: string): Promise<string> {
    await page.getByRole("button", { name: "Rotate: Nightly scores" }).click();
    await page.getByRole("combobox", { name: "The old secret" }).selectOption("Ends at once");
    await checkPage(page);
    await page.getByRole("button", { name: "Make a new secret" }).click();
    const second = await shownToken(page);
    assert.notEqual(second, first);
    assert.equal(await statusOf(first, slug, "benchmarks"), 401);
    assert.equal(await statusOf(second, slug, "benchmarks"), 200);
    await page.getByRole("button", { name: "I have it" }).click();
    assert.equal(await page.getByText(TOKEN).count(), 0);
    return second;
  }

  test("the owner makes a service and a key for it, which opens what it may until it is revoked", async () => {
    const cast = await app.makeCast({});
    const { slug } = cast;
    const page = await windows.openAs(cast, "owner", "");
    await page.getByRole("link", { name: "API keys" }).first().click();
    await page.getByRole("heading", { name: "No key yet" }).waitFor();
    await checkPage(page);
    await page.getByRole("link", { name: "New key" }).click();
    await onPage(page, "New key");

    await page.getByRole("button", { name: "Make the key" }).click();
    await page.getByText("Give it a name.").waitFor();
    await page.getByText("Choose at least one thing.").waitFor();
    await fillServiceKey(page);
    await page.getByRole("combobox", { name: "Only from these addresses" }).fill("nowhere");
    await page.keyboard.press("Enter");
    await checkPage(page);
    await page.getByRole("button", { name: "Make the key" }).click();
    await page.getByText('"nowhere" is no address and no network').waitFor();
    // The service was made: another try takes it, and no second one.
    assert.equal(await page.getByRole("textbox", { name: "Name", exact: true }).inputValue(), "Nightly scores");
    await page.getByRole("textbox", { name: "Name of the service" }).waitFor({ state: "detached" });
    await page.getByText("2 of 5 chosen").waitFor();
    await page.getByRole("combobox", { name: "Only from these addresses" }).press("Backspace");
    await makeProofOld(cast.people.owner.email);
    await page.getByRole("button", { name: "Make the key" }).click();
    await page
      .getByRole("dialog", { name: "Is it you?" })
      .getByRole("textbox", { name: "Password" })
      .fill(cast.people.owner.password);
    await page.keyboard.press("Enter");

    const first = await shownToken(page);
    await page.getByText(`/api/organizations/${slug}/`).waitFor();
    const line = (await page.getByText(/^curl /).textContent()) ?? "";
    const [, address = ""] = /'(.*?)'/.exec(line) ?? [];
    assert.equal((await fetch(address, { headers: { authorization: `Bearer ${first}` } })).status, 200);
    assert.ok(!page.url().includes("tak_"));
    await checkPage(page);
    assert.equal(await statusOf(first, slug, "benchmarks"), 200);
    assert.equal(await statusOf(first, slug, "members"), 403);
    await page.getByRole("button", { name: "I have it" }).click();
    await onPage(page, "API keys");
    await page.goBack();
    await onPage(page, "New key");
    assert.equal(await page.getByText(TOKEN).count(), 0);
    await page.goForward();

    const keys = page.getByRole("list", { name: "Keys", exact: true });
    await keys.getByText("Scorer, a service · live until").waitFor();
    await keys.getByText("evaluation.submission.write").waitFor();
    await page.getByRole("list", { name: "Services" }).getByText("participant · 1 live key").waitFor();
    const second = await rotate(page, first, slug);
    await page.getByRole("button", { name: "Change: Nightly scores" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Hourly scores");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Revoke: Hourly scores" }).click();
    await page.getByRole("button", { name: "End it at once?: Hourly scores" }).click();
    await page.getByRole("list", { name: "Ended keys" }).getByText("Hourly scores").waitFor();
    assert.equal(await statusOf(second, slug, "benchmarks"), 401);
    await page.getByRole("button", { name: "Remove: Scorer" }).click();
    await page.getByRole("button", { name: "Remove it for good?: Scorer" }).click();
    await page.getByText("None yet. One is made with its first key.").waitFor();
    await checkPage(page);
  });

  test("a member makes a key of their own, and what it may not do any more is marked", async () => {
    const cast = await app.makeCast({ milan: "member" });
    const page = await windows.openAs(cast, "milan", "/keys/new");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Report");
    assert.equal(await page.getByRole("combobox", { name: "Acts as" }).count(), 0);
    await page.getByRole("searchbox", { name: "Search" }).fill("see the members");
    await page.getByRole("checkbox", { name: "member.read" }).check();
    await page.getByRole("combobox", { name: "Good for" }).selectOption("365 days");
    await page.getByRole("button", { name: "Make the key" }).click();
    const token = await shownToken(page);
    assert.equal(await statusOf(token, cast.slug, "members"), 200);
    await page.getByRole("button", { name: "I have it" }).click();
    await page.getByText("Yours · live until").waitFor();
    assert.equal(await page.getByRole("heading", { name: "Services" }).count(), 0);

    const owner = await windows.openAs(cast, "owner", "");
    const members = `/api/organizations/${cast.slug}/members`;
    const { items } = await (await owner.request.get(members)).json();
    const { user_id } = items.find(({ email }: { email: string }) => email === cast.people.milan.email);
    const data = { grants: [], denials: ["member.read"] };
    assert.ok((await owner.request.put(`${members}/${user_id}/exceptions`, { data })).ok());
    await page.reload();
    await page.getByText("member.read (does not work now)").waitFor();
    await checkPage(page);
    await owner.goto(`/${cast.slug}/keys`);
    await owner.getByRole("button", { name: "Revoke: Report" }).waitFor();
    assert.equal(await owner.getByRole("button", { name: "Rotate: Report" }).count(), 0);
  });

  test("whoever may not make keys is not led there", async () => {
    const cast = await app.makeCast({ lena: "labeler" });
    const page = await windows.openAs(cast, "lena", "");
    await page.getByRole("link", { name: "Labeling" }).first().waitFor();
    assert.equal(await page.getByRole("link", { name: "API keys" }).count(), 0);
    for (const path of ["keys", "keys/new"]) {
      await page.goto(`/${cast.slug}/${path}`);
      await page.getByRole("heading", { name: "Your roles don't include API keys" }).waitFor();
    }
    await checkPage(page);
  });
});
