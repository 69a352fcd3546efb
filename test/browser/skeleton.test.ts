import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, test } from "node:test";
import { parse } from "csv-parse/sync";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, type Cast, startApp } from "./app.ts";
import { manageWindows, signInAs, type Windows } from "./browsing.ts";
import {
  chooseFile,
  createProject,
  csvOf,
  figure,
  fileOf,
  importTexts,
  labelByKey,
  nothingOn,
  textOn,
} from "./labeling.ts";

const ROLES = { admin: "task_admin", lena: "labeler", luis: "labeler", reviewer: "reviewer" };
const RTL = "متى تصل بطاقتي؟";
const EMOJI = "Where is my card? 😡👨‍👩‍👧";

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

    await admin.getByRole("button", { name: "Choose another file" }).click();
    await chooseFile(admin, csvOf("first", "second", "third"));
    await admin.getByText("3 rows, no mistakes found").waitFor();
    assert.deepEqual(await admin.getByRole("listitem").allInnerTexts(), ["first", "second", "third"]);
    await figure(admin, "Texts", "0").waitFor();
    await admin.getByRole("button", { name: "Import 3 texts" }).click();
    await admin.getByRole("status").filter({ hasText: "Imported 3 texts" }).waitFor();
    await figure(admin, "Texts", "3").waitFor();
    await checkPage(admin);
  });

  test("two labelers at once label by single keys until none is left, and never see the same text", async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `Text number ${index}.`);
    const { path } = await makeProject({ name: "Two at once", labels: ["yes", "no"], texts });
    const [lena, luis] = await Promise.all([
      windows.openAs(cast, "lena", `${path}/label`),
      windows.openAs(cast, "luis", `${path}/label`),
    ]);
    const [hers, his] = await Promise.all([labelByKey(lena, "1"), labelByKey(luis, "2")]);
    assert.deepEqual([...hers, ...his].toSorted(), texts.toSorted());
    assert.ok(hers.length > 0 && his.length > 0, "one of them got nothing");
    await checkPage(lena);
  });

  test("leaving the page gives the text back to others", async () => {
    const { path } = await makeProject({ name: "Leaving", labels: ["yes", "no"], texts: ["the only text"] });
    const lena = await windows.openAs(cast, "lena", `${path}/label`);
    await textOn(lena).getByText("the only text").waitFor();
    const luis = await windows.openAs(cast, "luis", `${path}/label`);
    await nothingOn(luis).waitFor();

    await leaveAndGet(luis, () => lena.getByRole("link", { name: "Leaving" }).click());
    await lena.goto(`/${cast.slug}${path}/label`);
    await nothingOn(lena).waitFor();
    await leaveAndGet(lena, () => luis.goto("about:blank"));

    async function leaveAndGet(other: Page, leave: () => Promise<unknown>): Promise<void> {
      await leave();
      while (!(await textOn(other).isVisible())) {
        const answer = other.waitForResponse((response) => response.url().endsWith("/next"));
        await other.getByRole("button", { name: "Look again" }).click();
        await (await answer).finished();
        await textOn(other)
          .or(other.getByRole("button", { name: "Look again", disabled: false }))
          .waitFor();
      }
    }
  });

  test("a rejected label comes back with its reason, the figures follow by themselves, and the results download", async () => {
    const texts = ["=1+1", EMOJI];
    const { admin, path } = await makeProject({ name: "Review", labels: ["good", "bad"], texts });
    await figure(admin, "Approved rate", "–").waitFor();
    const lena = await windows.openAs(cast, "lena", `${path}/label`);
    assert.deepEqual(await labelByKey(lena, "1"), texts);
    await figure(admin, "To review", "2").waitFor();

    const reviewer = await windows.openAs(cast, "reviewer", `${path}/review`);
    await textOn(reviewer).getByText("=1+1").waitFor();
    await reviewer.getByText("good", { exact: true }).waitFor();
    await checkPage(reviewer);
    await reviewer.keyboard.press("a");
    await textOn(reviewer).getByText(EMOJI).waitFor();
    await reviewer.keyboard.press("r");
    await reviewer.getByRole("textbox", { name: "Reason" }).waitFor();
    await reviewer.keyboard.type("It is bad: an angry one.");
    await reviewer.keyboard.press("Enter");
    await reviewer.getByRole("heading", { name: "Nothing waits for your review" }).waitFor();
    await figure(admin, "Approved rate", "50%").waitFor();
    await figure(admin, "Average rework", "0.5").waitFor();
    await figure(admin, "Sent back", "1").waitFor();

    await lena.getByRole("button", { name: "Look again" }).click();
    await lena.getByRole("alert").filter({ hasText: "It is bad: an angry one." }).waitFor();
    await checkPage(lena);
    assert.deepEqual(await labelByKey(lena, "2"), [EMOJI]);
    await textOn(reviewer).getByText(EMOJI).waitFor();
    await reviewer.keyboard.press("a");
    await figure(admin, "Approved", "2").waitFor();
    await figure(admin, "Approved rate", "100%").waitFor();

    const lines = (await download(admin, "JSON lines")).trimEnd().split("\n");
    const results = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      results.map(({ text, label, labeler, reviewer: by, rework }) => [text, label, labeler, by, rework]),
      [
        ["=1+1", "good", "lena", "reviewer", 0],
        [EMOJI, "bad", "lena", "reviewer", 1],
      ],
    );
    const rows = parse<{ text: string; label: string }>(await download(admin, "CSV"), { columns: true });
    assert.deepEqual(
      rows.map(({ text, label }) => [text, label]),
      [
        ["'=1+1", "good"],
        [EMOJI, "bad"],
      ],
    );
  });

  test("a labeler chooses among 77 labels by a part of the name, by place or by arrow", async () => {
    const labels = Array.from({ length: 77 }, (_, index) => `topic_${index} ${index % 2 ? "odd" : "even"}`);
    const texts = ["first", "second", "third", RTL, EMOJI];
    const { path } = await makeProject({ name: "Many labels", labels, texts });
    const lena = await windows.openAs(cast, "lena", `${path}/label`);
    const given = (label: string) => lena.getByRole("status").filter({ hasText: `Last: ${label}` });
    await textOn(lena).getByText("first").waitFor();
    await checkPage(lena);

    await lena.keyboard.type("topic seventy");
    await lena.getByText("No label has “topic seventy” in its name.").waitFor();
    await lena.keyboard.press("Escape");
    await lena.keyboard.type("topic 42");
    await lena.keyboard.press("Enter");
    await given("topic_42 even").waitFor();
    await textOn(lena).getByText("second").waitFor();
    await lena.keyboard.press("3");
    await given("topic_2 even").waitFor();
    await lena.keyboard.type("odd");
    await lena.keyboard.press("ArrowDown");
    await lena.keyboard.press("Enter");
    await given("topic_3 odd").waitFor();
    await textOn(lena).getByText(RTL).and(lena.locator(":dir(rtl)")).waitFor();
    await lena.getByRole("button", { name: "topic_76 even" }).click();
    await textOn(lena).getByText(EMOJI).waitFor();
  });

  test("the owner reads on the record who did what; a labeler is not led there", async () => {
    await makeProject({ name: "On the record", labels: ["yes", "no"], texts: ["a text"] });
    const owner = await windows.openAs(cast, "owner", "/record");
    const entry = owner.getByRole("listitem").filter({ hasText: "labeling.project.create" });
    await entry.filter({ hasText: "admin" }).filter({ hasText: "On the record" }).first().waitFor();
    await owner.getByRole("listitem").filter({ hasText: "labeling.task.import" }).first().waitFor();
    await checkPage(owner);

    const lena = await windows.openAs(cast, "lena");
    await lena.getByRole("link", { name: "Labeling" }).waitFor();
    assert.equal(await lena.getByRole("link", { name: "Record", exact: true }).count(), 0);
    await checkPage(lena);
  });
});

async function download(page: Page, name: string): Promise<string> {
  const arriving = page.waitForEvent("download");
  await page.getByRole("link", { name }).click();
  return readFile(await (await arriving).path(), "utf8");
}
