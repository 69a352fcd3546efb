import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { openAdmin } from "../harness.ts";
import { checkPage } from "./accessibility.ts";
import { type App, type Cast, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { onPage } from "./people.ts";

const FORM = [
  { name: "note", type: "text", title: "A note", required: true, max: 200, long: true, hint: "The author reads it." },
  { name: "score", type: "number", title: "Score", required: false, min: 1, max: 5, whole: true },
  { name: "tone", type: "choice", title: "Tone", required: false, options: ["Warm", "Plain"] },
  { name: "places", type: "choices", title: "Where", required: false, options: ["Web", "Mail"] },
  { name: "checked", type: "boolean", title: "The facts are checked", required: false },
  { name: "on", type: "date", title: "Publish on", required: false },
];

describe("approvals in a browser", () => {
  let browser: Browser;
  let app: App;
  let windows: Windows;
  let admin: Awaited<ReturnType<typeof openAdmin>>;

  before(async () => {
    admin = await openAdmin();
    [browser, app] = await Promise.all([launchChromium(), startApp()]);
    windows = manageWindows(browser, app);
  });
  afterEach(() => windows.close());
  after(() => browser?.close());

  async function makeApproval({ slug }: Cast<never>, title: string, due: string | null): Promise<void> {
    await admin.query(
      `with task as (
         insert into tasks.tasks (organization_id, type, category, name, status, worker_type, input)
         select id, 'content.publish', 'content', 'Publish the spring letter', 'waiting', 'internal', '{}'
         from organizations.organizations where slug = $1 returning organization_id, id
       ) insert into tasks.approvals (organization_id, task_id, title, details, form, role_id, status, due_at, opened_at)
       select task.organization_id, task.id, $2, 'It goes to 12,000 people.', $4, r.id, 'pending', now() + $3::interval, now()
       from task join organizations.roles r on r.organization_id = task.organization_id and r.template = 'admin'`,
      [slug, title, due, JSON.stringify(FORM)],
    );
  }

  test("somebody goes through what waits for them by keys: approves one with its form, rejects another with a reason", async () => {
    const cast = await app.makeCast({ boss: "admin" });
    await makeApproval(cast, "Send it without a picture?", null);
    await makeApproval(cast, "Send the spring letter?", "-1 hour");
    const page = await windows.openAs(cast, "boss", "/approvals");
    const items = page.getByRole("list", { name: "Waiting for you" }).getByRole("listitem");
    await items.nth(1).waitFor();
    assert.deepEqual(await items.locator("a").allTextContents(), [
      "Send the spring letter?",
      "Send it without a picture?",
    ]);
    await items.first().getByText("Overdue").waitFor();
    await checkPage(page);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await onPage(page, "Send the spring letter?");
    await page.getByRole("button", { name: "Approve" }).waitFor();
    await checkPage(page);
    await page.keyboard.press("a");
    await page.locator("[aria-invalid=true]").waitFor();
    await page.getByText("Fill this in.").waitFor();
    await page.getByRole("textbox", { name: "A note" }).fill("Send it.");
    await page.getByRole("textbox", { name: "Score" }).fill("4");
    await page.getByRole("radio", { name: "Warm" }).check();
    await page.getByRole("checkbox", { name: "Mail" }).check();
    await page.getByRole("checkbox", { name: "The facts are checked" }).check();
    await page.keyboard.press("a");
    await onPage(page, "Approvals");
    await items.nth(1).waitFor({ state: "detached" });

    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await onPage(page, "Send it without a picture?");
    await page.getByRole("button", { name: "Take it" }).click();
    await page.getByText("for boss").waitFor();
    await page.keyboard.press("r");
    await page.getByRole("textbox", { name: "Reason" }).press("Enter");
    await checkPage(page);
    await page.getByRole("textbox", { name: "Reason" }).fill("It needs one.");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
    await checkPage(page);

    const { rows } = await admin.query(
      `select a.status, a.answer, a.reason from tasks.approvals a join organizations.organizations o on o.id = a.organization_id
       where o.slug = $1 order by a.decided_at`,
      [cast.slug],
    );
    assert.deepEqual(rows, [
      {
        status: "approved",
        answer: { note: "Send it.", score: 4, tone: "Warm", places: ["Mail"], checked: true },
        reason: null,
      },
      { status: "rejected", answer: null, reason: "It needs one." },
    ]);
  });

  test("what somebody else decided meanwhile is told, and what the roles do not include too", async () => {
    const cast = await app.makeCast({ boss: "admin", viewer: "viewer" });
    await makeApproval(cast, "Send it?", "1 hour");
    const page = await windows.openAs(cast, "boss", "/approvals");
    await page.getByRole("link", { name: "Send it?" }).click();
    await page.getByRole("textbox", { name: "A note" }).fill("Yes");
    await admin.query(
      `update tasks.approvals a set status = 'rejected', reason = 'No', decided_at = now(), decided_by = o.founded_by
       from organizations.organizations o where o.slug = $1 and o.id = a.organization_id`,
      [cast.slug],
    );
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("alert").filter({ hasText: "owner was faster: it is rejected already." }).waitFor();
    await checkPage(page);
    const viewer = await windows.openAs(cast, "viewer", "/approvals");
    await viewer.getByRole("heading", { name: "Your roles don't include working on tasks" }).waitFor();
    await checkPage(viewer);
  });
});
