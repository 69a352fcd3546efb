import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { openAdmin } from "../harness.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { onPage } from "./people.ts";

describe("webhooks in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  test("an administrator makes a webhook, sees that it failed and was paused, and resumes it", async () => {
    const admin = await openAdmin();
    const cast = await app.makeCast({ boss: "admin", viewer: "viewer" });
    const page = await windows.openAs(cast, "boss", "/webhooks");
    await page.getByRole("heading", { name: "No webhook yet" }).waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("Till");
    await page.getByRole("textbox", { name: "Address" }).fill("https://10.0.0.1/");
    await page.getByRole("button", { name: "Create webhook" }).click();
    await page.getByText("10.0.0.1 is not on the public Internet").waitFor();
    await page.getByRole("textbox", { name: "Address" }).fill("https://93.184.215.14/hook");
    await page.getByRole("combobox", { name: "Events" }).fill("crm.*");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Create webhook" }).click();
    await page.getByText(/^whsec_/).waitFor();
    await checkPage(page);
    await page.getByRole("button", { name: "I have it" }).click();
    await page.getByText(/^whsec_/).waitFor({ state: "detached" });

    await page.getByRole("link", { name: "Till" }).click();
    await onPage(page, "Till");
    await page.getByText("Told of crm.*").waitFor();
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Cash desk");
    await page.getByRole("textbox", { name: "Address" }).fill("https://10.0.0.1/");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("10.0.0.1 is not on the public Internet").waitFor();
    await page.getByRole("textbox", { name: "Address" }).fill("https://93.184.215.14/desk");
    await page.getByRole("combobox", { name: "Events" }).fill("tasks.*");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await checkPage(page);
    await page.getByRole("button", { name: "Save" }).click();
    await onPage(page, "Cash desk");
    await page.getByText("https://93.184.215.14/desk").waitFor();
    await page.getByText("Told of crm.*, tasks.*").waitFor();
    await page.getByRole("button", { name: "Send a test" }).click();
    const deliveries = page.getByRole("list", { name: "Deliveries" });
    await deliveries.getByText("webhook.test").waitFor();
    const { rows } = await admin.query<{ id: string }>(
      `update tasks.webhook_endpoints e set status = 'paused', paused_because = 'failing' from organizations.organizations o
       where o.id = e.organization_id and o.slug = $1 returning e.id`,
      [cast.slug],
    );
    await admin.query(
      `with d as (update tasks.webhook_deliveries set attempts = 9, status = 'failed', ended_at = now() where endpoint_id = $1 returning *)
       insert into tasks.webhook_attempts (organization_id, delivery_id, status_code, duration_ms, message) select organization_id, id, 500, 31, 'no' from d`,
      [rows[0]?.id ?? assert.fail()],
    );
    await page.reload();
    await page.getByText("It is not called any more").waitFor();
    await deliveries.getByText("Given up, answered 500, 31 ms, 9 failed").waitFor();
    await deliveries.getByRole("button", { name: "Calls: webhook.test" }).click();
    const calls = deliveries.getByRole("list", { name: "Calls" });
    await calls.getByText("Answered 500 after 31 ms").waitFor();
    await calls.getByText("no", { exact: true }).waitFor();
    await deliveries.getByText("Message").click();
    await deliveries.getByText('"type": "webhook.test"').waitFor();
    await checkPage(page);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
    await page.getByRole("button", { name: "Send again: webhook.test" }).click();
    await deliveries.getByText("To be sent").waitFor();

    const viewer = await windows.openAs(cast, "viewer", "/webhooks");
    await viewer.getByRole("heading", { name: "Your roles don't include webhooks" }).waitFor();
  });

  test("tasks that somebody else starts appear by themselves", async () => {
    const admin = await openAdmin();
    const cast = await app.makeCast({ boss: "admin" });
    const page = await windows.openAs(cast, "boss", "/tasks");
    const heard = page.waitForResponse((response) => response.url().endsWith("/events"));
    await page.reload();
    await heard;
    await page.getByRole("heading", { name: "No task yet" }).waitFor();
    await admin.query(
      `insert into tasks.tasks (organization_id, type, category, name, status, worker_type, input, completed_at)
       select id, 'content.publish', 'content', 'From elsewhere', 'completed', 'internal', '{}', now() from organizations.organizations where slug = $1`,
      [cast.slug],
    );
    await page.getByRole("link", { name: "From elsewhere" }).waitFor();
  });
});
