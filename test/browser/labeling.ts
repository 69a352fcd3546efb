import type { Locator, Page } from "playwright-core";

export type ImportFile = { name: string; mimeType: string; buffer: Buffer };

/** A CSV file with one column `text`. */
export function csvOf(...texts: string[]): ImportFile {
  return fileOf("texts.csv", ["text", ...texts.map((text) => `"${text.replaceAll('"', '""')}"`)].join("\n"));
}

export function fileOf(name: string, content: string): ImportFile {
  return { name, mimeType: "text/csv", buffer: Buffer.from(content) };
}

/** Creates a project from its form, and ends on its page. */
export async function createProject(page: Page, slug: string, name: string, labels: string[]): Promise<void> {
  await page.goto(`/${slug}/labeling/new`);
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Labels, one per line" }).fill(labels.join("\n"));
  await page.getByRole("button", { name: "Create project" }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Chooses a file on a project's page; what it holds is shown next. */
export async function chooseFile(page: Page, file: ImportFile): Promise<void> {
  await page.getByLabel("Choose a file or drop it here").setInputFiles(file);
}

export async function importTexts(page: Page, ...texts: string[]): Promise<void> {
  await chooseFile(page, csvOf(...texts));
  await page.getByRole("button", { name: /^Import [\d,]+ texts?$/ }).click();
  await page.getByRole("status").filter({ hasText: "Imported" }).waitFor();
}

/** The text that somebody has before them. */
export function textOn(page: Page): Locator {
  return page.getByRole("region", { name: "Text", exact: true });
}

/** What a labeler sees when there is nothing to do. */
export function nothingOn(page: Page): Locator {
  return page.getByRole("heading", { name: /^(?:That was the last one|Nothing to label at the moment)$/ });
}

/** Labels texts by a key, all of them or `count`, and resolves with what was seen. Texts must differ. */
export async function labelByKey(page: Page, key: string, count = Number.POSITIVE_INFINITY): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) {
    await textOn(page).or(nothingOn(page)).waitFor();
    if (await nothingOn(page).isVisible()) break;
    const text = await textOn(page).innerText();
    seen.push(text);
    await page.keyboard.press(key);
    await textOn(page).getByText(text, { exact: true }).waitFor({ state: "hidden" });
  }
  return seen;
}

/** One of a project's figures, once it has this value. */
export function figure(page: Page, name: string, value: string): Locator {
  const term = page.getByRole("region", { name: "Progress" }).getByRole("term").getByText(name, { exact: true });
  return term.locator("..").getByRole("definition").getByText(value, { exact: true });
}
