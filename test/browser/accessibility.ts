import assert from "node:assert/strict";
import type { Page } from "playwright-core";

const PHONE = { width: 375, height: 667 };
const DESKTOP = { width: 1280, height: 800 };
/** A line of an accessibility tree that holds a control without a name. */
const NAMELESS =
  /^\s*- (?:button|link|textbox|searchbox|combobox|checkbox|radio|radiogroup|switch|progressbar|group|region|dialog)(?![^:]*["/])/;

/**
 * Checks the least that anybody needs of a page: a language, one title, a name for every control, and no scrolling to the side,
 * on a screen and on a phone, in light and in dark.
 */
export async function checkPage(page: Page): Promise<void> {
  for (const viewport of [PHONE, DESKTOP]) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await faultsOf(page), [], `${page.url()} at ${viewport.width} px, ${colorScheme}`);
    }
  }
}

async function faultsOf(page: Page): Promise<string[]> {
  const titles = await page.getByRole("heading", { level: 1 }).count();
  const [lang, width, available] = await page.evaluate<[string, number, number]>(
    "[document.documentElement.lang, document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  const tree = await page.locator("body").ariaSnapshot();
  return [
    ...(titles === 1 ? [] : [`${titles} titles of level 1`]),
    ...(lang === "en" ? [] : [`language "${lang}"`]),
    ...(width <= available ? [] : [`${width} px wide, in ${available} px`]),
    ...tree.split("\n").filter((line) => NAMELESS.test(line)),
  ];
}
