import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { type Imports, openImports } from "../../modules/imports/imports.fixture.ts";
import { checkPage } from "./accessibility.ts";
import { type App, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { fileOf } from "./labeling.ts";
import { onPage } from "./people.ts";

describe("imports in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;
  let imports: Imports;

  before(async () => {
    imports = await openImports();
    [browser, app] = await Promise.all([launchChromium(), startApp({ on: imports.login })]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  const choose = (page: Page, text: string, name = "customers.csv") =>
    page.getByLabel("Choose a file or drop it here").setInputFiles(fileOf(name, text));
  const chooseNoun = async (page: Page, name: string) => {
    await page.getByRole("combobox", { name: "What the rows become" }).fill(name);
    await page.getByRole("option", { name }).click();
  };
  const from = (page: Page, column: string) =>
    page.getByRole("combobox", { name: `${column} comes from`, exact: true });
  const names = async (slug: string) => {
    const { rows } = await imports.admin.query<{ name: string; phone: string; source: string }>(
      `select c.name, c.phone, c.source from crm.customers c join organizations.organizations o on o.id = c.organization_id
       where o.slug = $1 order by c.name`,
      [slug],
    );
    return rows.map(({ name, phone, source }) => [name, phone, source]);
  };

  test("an import that waits for a worker is cancelled; what is no file of rows, no noun and no import is told", async () => {
    const cast = await app.makeCast({ member: "member", labeler: "labeler" });
    const page = await windows.openAs(cast, "member", "/import/new?noun=crm.nothing");
    await onPage(page, "New import");
    await chooseNoun(page, "Customer (crm)");
    await choose(page, "PK\x03\x04");
    await page
      .getByRole("alert")
      .getByText(/an Excel workbook or a ZIP archive/)
      .waitFor();
    await page.getByRole("button", { name: "Choose another file" }).click();
    await choose(page, "name\nAda\n");
    await page.getByRole("button", { name: "Import 1 row" }).click();
    await page.getByText("In line").waitFor();
    await page.getByRole("button", { name: /^Cancel: / }).click();
    await page.getByRole("button", { name: /^Stop it here/ }).click();
    await page.getByText("Cancelled").waitFor();
    assert.deepEqual(await names(cast.slug), []);
    await page.goto(`/${cast.slug}/import/0199c0de-0000-7000-8000-000000000001`);
    await page.getByRole("heading", { name: "There is no such import" }).waitFor();
    const labeler = await windows.openAs(cast, "labeler", "/import");
    await labeler.getByRole("heading", { name: "Your roles don't include imports" }).waitFor();
  });

  test("of a large file only the beginning is sent to be looked at", async (t) => {
    const cast = await app.makeCast({ member: "member" });
    const folder = await mkdtemp(join(tmpdir(), "tenon-import-"));
    t.after(() => rm(folder, { recursive: true }));
    const path = join(folder, "large.csv");
    await writeFile(path, `name,phone\n${"Somebody of many,12345\n".repeat(4_000_000)}`);
    const page = await windows.openAs(cast, "member", "/import/new?noun=crm.customer");
    const sent = page.waitForRequest(/dry-run/);
    await page.getByLabel("Choose a file or drop it here").setInputFiles(path);
    await page.getByText(/^The first [\d,]+ rows: [\d,]+ new, no mistakes found/).waitFor();
    await page.getByRole("button", { name: "Import all rows" }).waitFor();
    assert.match((await sent).url(), /is_head=true/);
  });

  test("a member maps a file, sees what would come of it, imports it, changes rows by another file, and undoes that", async () => {
    imports.work();
    const cast = await app.makeCast({ member: "member" });
    const page = await windows.openAs(cast, "member", "/import");
    await page.getByRole("heading", { name: "No import yet" }).waitFor();
    await checkPage(page);
    await page.getByRole("link", { name: "New import" }).click();
    await onPage(page, "New import");
    await chooseNoun(page, "Customer (crm)");
    await page.waitForURL(/noun=crm.customer$/);
    await choose(page, "Who,Mail,Number\nAda,ada@example.com,1\nBob,bob,2\n");
    await page.getByText("Every row needs it. Map a column").first().waitFor();
    await from(page, "Name").selectOption({ label: "Who" });
    await page.getByText("1 mistake in 1 row").waitFor();
    await page.getByRole("region", { name: "Wrong rows" }).getByText("Mail", { exact: true }).waitFor();
    await from(page, "Phone").selectOption({ label: "Number" });
    await from(page, "Source").selectOption({ label: "The same in every row" });
    await page.getByRole("combobox", { name: "Source in every row" }).selectOption("import");
    await page.getByRole("region", { name: "First rows" }).getByRole("cell", { name: "import", exact: true }).waitFor();
    assert.equal(await page.getByRole("button", { name: /^Import / }).count(), 0, "one row is wrong");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Mistakes as CSV" }).click();
    assert.match(await readFile(await (await download).path(), "utf8"), /^line,column,reason\r\n3,Mail,/);
    await page.getByRole("radio", { name: /^Leave them out/ }).check();
    await checkPage(page);
    await page.getByRole("button", { name: "Import 1 row", exact: true }).click();
    await onPage(page, "Import into Customer (crm)");
    await page.getByText("Completed: 1 row made, 1 wrong").waitFor();
    await page.getByRole("region", { name: "Errors" }).getByText("Mail", { exact: true }).waitFor();
    await checkPage(page);
    assert.deepEqual(await names(cast.slug), [["Ada", "1", "import"]]);

    await page.goto(`/${cast.slug}/import/new?noun=crm.customer`);
    await choose(
      page,
      '[{"name": "Ada Lovelace", "email": "ada@example.com"}, {"name": "Cy", "email": "cy@example.com"}]',
      "a.json",
    );
    await page.getByText("2 rows: 2 new, no mistakes found.").waitFor();
    await page.getByRole("combobox", { name: "Change rows that are there, told apart by" }).fill("email");
    await page.getByRole("option", { name: "Email", exact: true }).click();
    await page.getByText("2 rows: 1 new, 1 that would be changed, no mistakes found.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Import 2 rows" }).click();
    await page.getByText("Completed: 1 row made, 1 changed").waitFor();
    assert.deepEqual(
      (await names(cast.slug)).map(([name]) => name),
      ["Ada Lovelace", "Cy"],
    );
    await page.getByRole("link", { name: "Imports" }).first().click();
    const list = page.getByRole("list", { name: "Imports" });
    await list.getByText("1 row made, 1 wrong").waitFor();
    const errors = page.waitForEvent("download");
    await list.getByRole("button", { name: /^Errors as CSV/ }).click();
    assert.match(await readFile(await (await errors).path(), "utf8"), /\r\n3,Mail,,/);
    await list
      .getByRole("button", { name: /^Undo:/ })
      .first()
      .click();
    await list.getByRole("button", { name: /^Delete the rows it made/ }).click();
    await list.getByText("Undone: 1 row made, 1 changed, 1 deleted again, 1 restored").waitFor();
    await checkPage(page);
    assert.deepEqual(
      (await names(cast.slug)).map(([name]) => name),
      ["Ada"],
    );
  });
});
