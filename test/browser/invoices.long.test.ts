import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { extractText } from "unpdf";
import { kinds } from "../../app.ts";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { startWorker } from "../../modules/tasks/engine/worker.ts";
import { atEnd, createScratchDatabase, openAdmin, openTestDatabase, testServices } from "../harness.ts";
import { checkPage } from "./accessibility.ts";
import { type App, type Cast, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { createProject, importTexts, labelByKey, textOn } from "./labeling.ts";
import { onPage } from "./people.ts";

const ROLES = { labeler: "labeler", reviewer: "reviewer", client: "client" };

describe("labels for a customer in a browser", () => {
  let browser: Browser;
  let app: App;
  let cast: Cast<keyof typeof ROLES | "owner">;
  let windows: Windows;
  let admin: Awaited<ReturnType<typeof openAdmin>>;

  before(async () => {
    // A database of its own: the worker would take up what other tests leave to be done.
    const login = await createScratchDatabase();
    admin = await openAdmin(login);
    [browser, app] = await Promise.all([launchChromium(), startApp({ on: login })]);
    windows = manageWindows(browser, app);
    cast = await app.makeCast(ROLES);
    const log = { error: ({ err }: { err: unknown }) => console.error(err) };
    const place = { database: openTestDatabase(login), services: testServices(), kinds, jobs: [], works: [], log };
    atEnd(startWorker({ ...place, concurrency: 4 }).stop);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  /** The customer whose person signs in as the client. */
  async function makeCustomer(): Promise<void> {
    await admin.query(
      `with customer as (insert into crm.customers (organization_id, name) select id, 'Ada Ltd' from organizations.organizations where slug = $1 returning *)
       insert into crm.contacts (organization_id, customer_id, user_id, name)
       select m.organization_id, c.id, m.user_id, 'Ada' from customer c join organizations.memberships m on m.organization_id = c.organization_id and m.display_name = 'client'`,
      [cast.slug],
    );
  }

  test("texts are labeled, talked about and approved, the customer sees it, and pays by an invoice that comes as a PDF", async () => {
    await makeCustomer();
    const owner = await windows.openAs(cast, "owner");
    await createProject(owner, cast.slug, "Moods", ["good", "bad"]);
    await importTexts(owner, "It is fine.", "It is not.");
    const path = new URL(owner.url()).pathname.slice(cast.slug.length + 1);
    await owner.getByRole("combobox", { name: "Customer" }).fill("ada");
    await owner.getByRole("option", { name: "Ada Ltd" }).click();
    await owner.getByRole("textbox", { name: "Price of an approved label" }).fill("0.25");
    await owner.getByRole("button", { name: "Save" }).click();
    await owner.getByRole("status").filter({ hasText: "Saved" }).waitFor();

    const labeler = await windows.openAs(cast, "labeler", `${path}/label`);
    await labelByKey(labeler, "1");
    const reviewer = await windows.openAs(cast, "reviewer", `${path}/review`);
    await textOn(reviewer).getByText("It is fine.").waitFor();
    await reviewer.keyboard.press("a");
    await textOn(reviewer).getByText("It is not.").waitFor();
    await say(reviewer, "Comment", "Is this good?");
    await checkPage(reviewer);
    await reviewer.getByRole("button", { name: "Reject" }).click();
    await reviewer.getByRole("textbox", { name: "Reason" }).fill("It is bad.");
    const rejected = reviewer.waitForResponse((response) => response.url().endsWith("/reviews") && response.ok());
    await reviewer.keyboard.press("Enter");
    await rejected;

    await labeler.getByRole("button", { name: "Look again" }).click();
    const thread = labeler.getByRole("article", { name: "Thread of reviewer" });
    await thread.getByText("Is this good?").waitFor();
    await thread.getByRole("button", { name: "Answer" }).click();
    await say(labeler, "Answer to reviewer", "No, a slip.");
    await thread.getByText("No, a slip.").waitFor();
    await thread.getByRole("button", { name: "Resolve" }).click();
    await thread.getByText("Resolved by labeler").waitFor();
    await checkPage(labeler);

    const client = await windows.openAs(cast, "client", "/results");
    await client.getByText("1 of 2 texts approved").waitFor();
    await client.getByRole("link", { name: "Moods" }).click();
    await onPage(client, "Moods");
    const results = client.getByRole("list", { name: "Approved labels" }).getByRole("listitem");
    await results.getByText("It is fine.").waitFor();
    assert.equal(await results.count(), 1);
    await client.getByRole("button", { name: "Comments on text 1" }).click();
    await say(client, "Comment", "Thank you.");
    await client.getByRole("article", { name: "Thread of client" }).waitFor();
    await checkPage(client);
    await client.goto(`/${cast.slug}${path}`);
    await client.getByRole("alert").waitFor();

    await owner.getByRole("button", { name: "Export as CSV" }).click();
    assert.match(await download(owner, "Download Moods.csv"), /\r\n1,It is fine\.,good,labeler,reviewer,/);
    await owner
      .getByRole("region", { name: "Figures by labeler" })
      .getByRole("row", { name: /labeler 1 2 0 50%/ })
      .waitFor();
    await checkPage(owner);

    await bill(owner, cast);
  });
});

/** Makes an invoice of what was approved, issues it, reads its PDF, and is paid. */
async function bill(owner: Page, { slug }: Cast<never>): Promise<void> {
  await owner.goto(`/${slug}/invoices`);
  await owner.getByText("1 approved label, €0.25 before tax").waitFor();
  await owner.getByRole("button", { name: "Make an invoice to Ada Ltd" }).click();
  await owner.getByRole("textbox", { name: "Tax" }).fill("20");
  await checkPage(owner);
  await owner.getByRole("button", { name: "Draft it" }).click();
  await onPage(owner, "Draft to Ada Ltd");
  await owner.getByRole("button", { name: "Issue it" }).click();
  await onPage(owner, "Invoice 1 to Ada Ltd");
  await owner.getByRole("button", { name: "Make a PDF" }).click();
  const { text } = await extractText(await downloadBytes(owner, "Download Invoice 1.pdf"), { mergePages: true });
  for (const part of ["Invoice 1", "Ada Ltd", "Approved labels: Moods", "€0.25", "€0.05", "€0.30"])
    assert.ok(text.includes(part), `${part} is not in ${text}`);
  await owner.getByRole("button", { name: "Mark as paid" }).click();
  await owner.getByText("Paid", { exact: true }).first().waitFor();
  await checkPage(owner);
  await owner.getByRole("link", { name: "Invoices" }).first().click();
  await owner.getByText(/^Nothing is to be billed/).waitFor();
  await owner.getByRole("list", { name: "Invoices" }).getByText("€0.30").waitFor();
}

async function say(page: Page, field: string, words: string): Promise<void> {
  await page.getByRole("textbox", { name: field }).fill(words);
  await page.keyboard.press("Control+Enter");
  await page.getByText(words, { exact: true }).waitFor();
}

async function downloadBytes(page: Page, name: string): Promise<Uint8Array> {
  const arriving = page.waitForEvent("download");
  await page.getByRole("link", { name }).click();
  return new Uint8Array(await readFile(await (await arriving).path()));
}

async function download(page: Page, name: string): Promise<string> {
  return Buffer.from(await downloadBytes(page, name)).toString("utf8");
}
