import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { openProvider } from "../../modules/assistant/providers.fixture.ts";
import { openAdmin } from "../harness.ts";
import { localServices } from "../http/server.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";

const USAGE = { input: 50, output: 10 };

describe("the assistant in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp({ services: localServices({ publicUrl: "" }) })]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  test("an administrator connects a provider; a member asks, sees the reply come with what it looked at, stops one, and tries again", async () => {
    const goOn = Promise.withResolvers<void>();
    const provider = await openProvider("openai_compatible", [
      { words: ["Let me look."], call: { tool: "search_customers", input: { words: "hotel" } }, usage: USAGE },
      {
        words: ["There is **one", " hotel**. <img src=x onerror=alert(1)> ![x](https://evil.example/x)"],
        usage: USAGE,
        until: goOn.promise,
      },
      { words: ["Well, "], until: new Promise(() => undefined) },
      { status: 500 },
      { words: ["At last."], usage: USAGE },
    ]);
    const admin = await openAdmin();
    await admin.query(
      `insert into assistant.models (name, provider, called, label, input_price, output_price, context_tokens)
       values ('browser-model', 'local', 'test', 'Test model', 1000000, 1000000, 100000)`,
    );
    const cast = await app.makeCast({ boss: "admin", member: "member" });
    const boss = await windows.openAs(cast, "boss", "/assistant");
    await boss.getByRole("heading", { name: "No model is connected" }).waitFor();
    await boss.getByRole("link", { name: "Providers and tools" }).first().click();
    await boss.getByRole("combobox", { name: "Kind" }).click();
    await boss.getByRole("option", { name: /Ollama/ }).click();
    await boss.getByRole("textbox", { name: "Address" }).fill(provider.baseUrl);
    await boss.getByRole("button", { name: "Connect" }).click();
    await boss.getByRole("list", { name: "Providers" }).getByText("Test model").waitFor();
    await boss.getByRole("switch", { name: "search_customers" }).click();
    await boss.getByRole("switch", { name: "search_customers", checked: true }).waitFor();
    await checkPage(boss);

    const page = await windows.openAs(cast, "member", "/assistant");
    await page.getByRole("textbox", { name: "Your question" }).fill("Which hotels do we know?");
    await page.keyboard.press("Enter");
    const messages = page.getByRole("list", { name: "Messages" });
    await messages.getByText("Looked at customers").waitFor();
    await messages.getByText("There is one hotel").waitFor();
    assert.equal(await page.getByRole("button", { name: "Stop" }).count(), 1);
    // Whoever leaves and comes back finds the reply, to its end.
    await page.reload();
    goOn.resolve();
    await messages.getByText(/credits$/).waitFor();
    await messages.getByText("There is one hotel.").waitFor();
    assert.equal(await messages.locator("img").count(), 0);
    await checkPage(page);

    await page.getByRole("textbox", { name: "Your message" }).fill("And restaurants?");
    await page.getByRole("button", { name: "Send" }).click();
    await messages.getByText("Well,").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await messages.getByText("Stopped").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await messages.getByText("The provider failed (500). Try again in a moment.").waitFor();
    await checkPage(page);
    await page.getByRole("button", { name: "Try again" }).click();
    await messages.getByText("At last.").waitFor();

    await admin.query(
      "update credits.balances b set posted = b.held from organizations.organizations o where o.id = b.organization_id and o.slug = $1",
      [cast.slug],
    );
    await page.getByRole("textbox", { name: "Your message" }).fill("More?");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("alert").getByText("Buy credits").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Your message" }).inputValue(), "More?");
  });
});
