import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { kinds } from "../../app.ts";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { openProvider, type TestProvider } from "../../modules/assistant/providers.fixture.ts";
import {
  type FakeStore,
  KEYS,
  openWooStore,
  type WooThing,
  wooOrder,
  wooProduct,
} from "../../modules/commerce/fake-stores.fixture.ts";
import { startWorker } from "../../modules/tasks/engine/worker.ts";
import { atEnd, createScratchDatabase, openAdmin, openTestDatabase } from "../harness.ts";
import { localServices } from "../http/server.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { onPage } from "./people.ts";

describe("a store in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;
  let store: FakeStore<WooThing>;
  let provider: TestProvider;

  before(async () => {
    const on = await createScratchDatabase();
    store = await openWooStore();
    const words = ["A brass lamp ", "for the desk."];
    provider = await openProvider("openai_compatible", [{ words, usage: { input: 200, output: 100 } }]);
    const admin = await openAdmin(on);
    await admin.query(
      `insert into assistant.models (name, provider, called, label, input_price, output_price, context_tokens)
       values ('writer', 'local', 'test', 'Test writer', 1000000, 1000000, 100000)`,
    );
    const services = localServices({ publicUrl: "" });
    [browser, app] = await Promise.all([launchChromium(), startApp({ on, services })]);
    const log = { error: ({ err }: { err: unknown }) => console.error(err) };
    const worker = startWorker({
      database: openTestDatabase(on),
      services,
      kinds,
      jobs: [],
      works: [],
      concurrency: 4,
      log,
      times: { lookAgainMs: 50 },
    });
    services.wakeWorkers = worker.wake;
    atEnd(worker.stop);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  test("it is connected and synced, a description is written, approved and published there, and the dashboard tells of it", async () => {
    store.products.set(1, wooProduct(1, { name: "Desk lamp" }));
    store.orders.set(7, wooOrder(7, 1, { date_created_gmt: new Date().toISOString().slice(0, 19) }));
    store.orders.set(8, wooOrder(8, 1, { total: "much" }));
    const cast = await app.makeCast({ boss: "admin" });
    const page = await windows.openAs(cast, "boss", "/dashboard");
    await page.getByRole("heading", { name: "Nothing to show yet" }).waitFor();
    await page.getByRole("link", { name: "Connect a store" }).click();
    await onPage(page, "Connect a store");
    await checkPage(page);
    await page.getByRole("textbox", { name: "Name" }).fill("Lamps");
    await page.getByRole("textbox", { name: "Address of the store" }).fill(store.address);
    await page.getByRole("textbox", { name: "Consumer key" }).fill(KEYS.consumer_key);
    await page.getByRole("textbox", { name: "Consumer secret" }).fill("wrong");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByText("The store does not accept these keys").waitFor();
    await page.getByRole("textbox", { name: "Consumer secret" }).fill(KEYS.consumer_secret);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByRole("status").filter({ hasText: "The store is connected" }).waitFor();
    await page.getByRole("link", { name: "Open the store" }).click();
    await onPage(page, "Lamps");
    await page.getByRole("link", { name: "Desk lamp" }).waitFor();
    await page.getByText("Orders", { exact: true }).click();
    await page.getByRole("cell", { name: "€44.70" }).waitFor();
    await page.getByText("Syncs", { exact: true }).click();
    await page.getByRole("cell", { name: '"much" is no amount of money.' }).waitFor();
    await checkPage(page);

    await page.getByText("Products", { exact: true }).click();
    await page.getByRole("link", { name: "Desk lamp" }).click();
    await onPage(page, "Desk lamp");
    await page.getByRole("heading", { name: "No model is connected" }).waitFor();
    await checkPage(page);
    const product = page.url();
    await page.getByRole("link", { name: "Providers and tools" }).click();
    await page.getByRole("combobox", { name: "Kind" }).click();
    await page.getByRole("option", { name: /Ollama/ }).click();
    await page.getByRole("textbox", { name: "Address" }).fill(provider.baseUrl);
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByRole("list", { name: "Providers" }).getByText("Test writer").waitFor();
    await page.goto(product);
    await page.getByText("Test writer writes it").waitFor();
    await page.getByRole("button", { name: "Write a description" }).click();
    await page.getByRole("link", { name: "Read and approve it" }).click();
    await page.getByRole("link", { name: /Publish this description/ }).click();
    const text = page.getByRole("textbox", { name: "Description" });
    assert.equal(await text.inputValue(), "A brass lamp for the desk.");
    await text.fill("A brass lamp for your desk.");
    await page.getByRole("button", { name: "Approve" }).click();
    await onPage(page, "Approvals");
    await page.goto(`/${cast.slug}/stores`);
    await page.getByRole("link", { name: "Lamps" }).click();
    await page.getByRole("link", { name: "Desk lamp" }).click();
    await page.getByRole("region", { name: "Description" }).getByText("A brass lamp for your desk.").waitFor();
    while (store.products.get(1)?.description !== "<p>A brass lamp for your desk.</p>")
      await page.evaluate(() => undefined);

    await page.goto(`/${cast.slug}/dashboard`);
    await page
      .getByRole("table", { name: "Revenue by day" })
      .getByRole("cell", { name: "€44.70" })
      .waitFor({ state: "attached" });
    await checkPage(page);
  });
});
