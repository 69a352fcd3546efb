import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { parse } from "csv-parse/sync";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { checkPage } from "./accessibility.ts";
import { type App, type Cast, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { createProject, figure, importTexts, labelByKey, nothingOn, textOn } from "./labeling.ts";

const ROLES = { admin: "task_admin", lena: "labeler", luis: "labeler", reviewer: "reviewer" };
const RTL = "متى تصل بطاقتي؟";
const EMOJI = "Where is my card? 😡👨‍👩‍👧";

describe("labeling in a browser", () => {
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

    const lines = (await resultsOf(admin, "jsonl")).trimEnd().split("\n");
    const results = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      results.map(({ text, label, labeler, reviewer: by, rework }) => [text, label, labeler, by, rework]),
      [
        ["=1+1", "good", "lena", "reviewer", 0],
        [EMOJI, "bad", "lena", "reviewer", 1],
      ],
    );
    const rows = parse<{ text: string; label: string }>(await resultsOf(admin, "csv"), { columns: true });
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
});

/** The approved labels of the project whose page it is. */
async function resultsOf(page: Page, format: string): Promise<string> {
  const [, slug, , project] = new URL(page.url()).pathname.split("/");
  const answer = await page.request.get(
    `/api/organizations/${slug}/labeling/projects/${project}/results?format=${format}`,
  );
  return answer.text();
}
