import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { routes } from "../../app.ts";
import { readMailbox } from "../../kernel/mail/contract.ts";
import { type Outbox, openOutbox, WELCOME } from "../../kernel/mail/mail.fixture.ts";
import { mailboxRoute, mailboxUrl } from "../../kernel/mail/mailbox.ts";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { testServices } from "../harness.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";

const FORM = "tot_0198f2f0-0000-7000-8000-000000000001_0198f2f0-0000-7000-8000-000000000002_";
const ODD_NAME = "<script>alert(1)</script> مريم";
const path = mailboxUrl(testServices({ publicUrl: "" }));
const others = routes.filter(({ endpoint }) => endpoint.name !== readMailbox.name);

describe("the developer's mailbox in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;
  let outbox: Outbox;

  before(async () => {
    outbox = await openOutbox();
    const withMailbox = [...others, mailboxRoute([WELCOME])];
    [browser, app] = await Promise.all([launchChromium(), startApp({ on: outbox.login, routes: withMailbox })]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  const titleOf = (page: Page, subject: string) => page.getByRole("button", { name: subject });

  test("mail appears by itself, is read as its reader would see it and as text, and its link can be followed", async () => {
    const page = await windows.open();
    await page.goto(path);
    await page.getByRole("heading", { name: "No mail yet" }).waitFor();
    await checkPage(page);
    await outbox.queue("ada@example.com", { form: FORM, name: ODD_NAME }, { secret: "the-secret" });
    await titleOf(page, `Welcome, ${ODD_NAME}`).click();

    const mail = page.frameLocator("iframe");
    await mail.getByText(`Hello ${ODD_NAME},`).waitFor();
    await checkPage(page);
    const link = `${app.address}/confirm#${FORM}the-secret`;
    const opening = page.context().waitForEvent("page");
    await mail.getByRole("link", { name: "Confirm the address" }).click();
    const opened = await opening;
    await opened.waitForURL(link);
    await opened.close();

    await page.getByRole("tab", { name: "Plain text" }).click();
    await page.getByRole("tabpanel", { name: "Plain text" }).getByText(link).waitFor();
    await checkPage(page);

    await outbox.queue("bob@example.com", { form: FORM, name: "Bob" }, { secret: "the-secret" });
    await titleOf(page, "Welcome, Bob").waitFor();
    const subjects = await page.getByRole("button", { name: /^Welcome/ }).allInnerTexts();
    assert.match(subjects[0] ?? "", /^Welcome, Bob/);
    await page.getByText(link).waitFor();
  });

  test("who comes back without the key is let in, and a window that never had it is not", async () => {
    const page = await windows.open();
    await page.goto(path);
    await titleOf(page, "Welcome, Bob").waitFor();
    await page.goto("/mailbox");
    await titleOf(page, "Welcome, Bob").waitFor();

    for (const address of ["/mailbox", "/mailbox#not-the-key"]) {
      const stranger = await windows.open();
      await stranger.goto(address);
      await stranger.getByRole("heading", { name: "This mailbox is closed" }).waitFor();
      await checkPage(stranger);
    }
  });
});
