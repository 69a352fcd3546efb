import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, type Cast, startApp } from "./app.ts";
import { manageWindows, signInAs, type Windows } from "./browsing.ts";
import { chooseFile, createProject, csvOf, figure, fileOf, importTexts } from "./labeling.ts";

const ROLES = { admin: "task_admin", lena: "labeler", luis: "labeler", reviewer: "reviewer" };

describe("in a browser", () => {
  let browser: Browser;
  let app: App;
  let cast: Cast<keyof typeof ROLES | "owner">;
  let windows: Windows;

  before(async () => {
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
    cast = await app.makeCast(ROLES);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  /** A project's page, where the task admin has just made it and imported texts. */
  async function makeProject({ name, labels, texts }: { name: string; labels: string[]; texts: string[] }) {
    const admin = await windows.openAs(cast, "admin");
    await createProject(admin, cast.slug, name, labels);
    if (texts.length > 0) await importTexts(admin, ...texts);
    return { admin, path: new URL(admin.url()).pathname.slice(cast.slug.length + 1) };
  }

  test("a protected page leads to the sign-in and back, a wrong password is told, and signing out ends it", async () => {
    const page = await windows.open();
    await page.goto(`/${cast.slug}/record`);
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await signInAs(page, { email: cast.people.owner.email, password: "not the password" });
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Sign in");
    await checkPage(page);

    await signInAs(page, cast.people.owner);
    await page.getByRole("heading", { level: 1, name: "Record" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.goto(`/${cast.slug}/labeling`);
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  });

  test("a task admin is told what is wrong with a project, field by field, and then creates it", async () => {
    const page = await windows.openAs(cast, "admin", "/labeling/new");
    await page.getByRole("button", { name: "Create project" }).click();
    await page.getByText("Give the project a name.").waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("Two labels");
    await page.getByRole("textbox", { name: "Labels, one per line" }).fill("only one");
    await page.getByRole("button", { name: "Create project" }).click();
    await page.getByRole("alert").filter({ hasText: "at least two labels" }).waitFor();
    await checkPage(page);

    await page.getByRole("textbox", { name: "Labels, one per line" }).fill("one\ntwo\none");
    await page.getByRole("alert").filter({ hasText: "“one” is there more than once" }).waitFor();
    await page.getByRole("textbox", { name: "Labels, one per line" }).fill("one\ntwo");
    await page.getByRole("button", { name: "Create project" }).click();
    await page.getByRole("heading", { level: 1, name: "Two labels" }).waitFor();
    await page.getByRole("region", { name: "Labels (2)" }).waitFor();
  });

  test("a file with a bad row names its line and reason and imports nothing; a good one is shown first", async () => {
    const { admin } = await makeProject({ name: "Import", labels: ["yes", "no"], texts: [] });
    await chooseFile(admin, fileOf("bad.csv", 'text,category\n"two\nlines",a\n,b\nlast,c\n'));
    await admin.getByRole("alert").filter({ hasText: "1 mistake in 3 rows" }).waitFor();
    const row = admin.getByRole("region", { name: "Bad rows" }).getByRole("row").nth(1);
    assert.deepEqual((await row.getByRole("cell").allInnerTexts()).slice(0, 2), ["4", "text"]);
    assert.match(await row.getByRole("cell").nth(2).innerText(), /empty/i);
    assert.equal(await admin.getByRole("button", { name: /^Import \d/ }).count(), 0);
    await checkPage(admin);

    await admin.getByLabel("Choose the mended file or drop it here").setInputFiles(csvOf("first", "second", "third"));
    await admin.getByText("3 rows, no mistakes found").waitFor();
    assert.deepEqual(await admin.getByRole("listitem").allInnerTexts(), ["first", "second", "third"]);
    await figure(admin, "Texts", "0").waitFor();
    await admin.getByRole("button", { name: "Import 3 texts" }).click();
    await admin.getByRole("status").filter({ hasText: "Imported 3 texts" }).waitFor();
    await figure(admin, "Texts", "3").waitFor();
    await checkPage(admin);
  });

  test("the owner reads on the record who did what; a labeler is not led there", async () => {
    await makeProject({ name: "On the record", labels: ["yes", "no"], texts: ["a text"] });
    const owner = await windows.openAs(cast, "owner", "/record");
    const entry = owner.getByRole("listitem").filter({ hasText: "labeling.project.create" });
    await entry.filter({ hasText: "admin" }).filter({ hasText: "On the record" }).first().waitFor();
    await owner.getByRole("listitem").filter({ hasText: "labeling.task.import" }).first().waitFor();
    await checkPage(owner);

    const lena = await windows.openAs(cast, "lena");
    await lena.getByRole("link", { name: "Labeling", exact: true }).waitFor();
    assert.equal(await lena.getByRole("link", { name: "Record", exact: true }).count(), 0);
    await checkPage(lena);
  });
});
