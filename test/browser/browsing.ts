import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import type { App, Cast, Login } from "./app.ts";
import { PATIENCE_MS } from "./limits.ts";

/** The browser itself writes a line when the server refuses something, or a test takes it offline; the page is what has to tell of it. */
const REFUSAL =
  /^Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_(INTERNET_DISCONNECTED|FAILED)$)/;
const REPORT_VIOLATIONS = `document.addEventListener("securitypolicyviolation", (event) =>
  console.error("Content security policy: " + event.violatedDirective + " forbids " + event.blockedURI))`;

/** A browser's windows, each with cookies of its own, and what they complained of. */
export type Windows = {
  /** Opens an empty window. */
  open(): Promise<Page>;
  /** Opens a window in which somebody is signed in, at an address below the organization's, such as `/labeling`. */
  openAs<Who extends string>(cast: Cast<Who>, who: Who, path?: string): Promise<Page>;
  /** Closes all windows. Throws when a page wrote an error to the console, threw one, or broke the security policy. */
  close(): Promise<void>;
};

export function manageWindows(browser: Browser, app: App): Windows {
  const complaints: string[] = [];
  const opened: Page[] = [];
  const open = async () => {
    const context = await browser.newContext({ baseURL: app.address, locale: "en-US" });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    await page.addInitScript(REPORT_VIOLATIONS);
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && !REFUSAL.test(message.text()))
        complaints.push(`${page.url()}: ${message.text()}`);
    });
    opened.push(page);
    return page;
  };
  return {
    open,
    openAs: async (cast, who, path = "") => {
      const page = await open();
      await page.goto(`/${cast.slug}${path}`);
      await signInAs(page, cast.people[who]);
      await page.getByRole("button", { name: "Sign out" }).waitFor();
      return page;
    },
    close: async () => {
      for (const page of opened.splice(0)) await page.context().close();
      assert.deepEqual(complaints.splice(0), []);
    },
  };
}

/** Fills the sign-in page in and sends it. */
export async function signInAs(page: Page, { email, password }: Pick<Login, "email" | "password">): Promise<void> {
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}
