import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../kernel/pdf/chromium.ts";
import { openAdmin } from "../harness.ts";
import { checkPage } from "./accessibility.ts";
import { type App, type Cast, startApp } from "./app.ts";
import { manageWindows, type Windows } from "./browsing.ts";
import { onPage } from "./people.ts";

/** One more than a page of the list holds, without the two that a test looks at. */
const OLD_TASKS = 49;
/** More than a page of the ledger holds. */
const GRANTS = 21;

describe("tasks and credits in a browser", () => {
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

  async function makeTask({ slug }: Cast<never>, name: string, status: string, count = 1): Promise<string> {
    const { rows } = await admin.query<{ id: string }>(
      `insert into tasks.tasks (organization_id, type, category, name, status, worker_type, input, progress_percentage, started_at, completed_at)
       select id, 'content.publish', 'content', $2, $3, 'internal', '{"letter": "spring"}', case $3 when 'processing' then 10 end,
         case when $3 <> 'pending' then now() end, case $3 when 'completed' then now() end
       from organizations.organizations, generate_series(1, $4) where slug = $1 returning id`,
      [slug, name, status, count],
    );
    return rows[0]?.id ?? assert.fail("No task.");
  }

  test("somebody finds a running task, sees it go on and fail by itself, has it tried again and cancels it", async () => {
    const cast = await app.makeCast({ boss: "admin", viewer: "viewer" });
    const page = await windows.openAs(cast, "boss", "/tasks");
    await page.getByRole("heading", { name: "No task yet" }).waitFor();
    await checkPage(page);
    await makeTask(cast, "An old one", "completed", OLD_TASKS);
    await makeTask(cast, "A later one", "pending");
    const id = await makeTask(cast, "Publish the letter", "processing");
    await admin.query(
      `with tag as (
         insert into organizations.tags (organization_id, name)
         select t.organization_id, word from tasks.tasks t, unnest('{Spring,Urgent}'::text[]) word where t.id = $1 returning organization_id, id
       ) insert into tasks.task_tags (organization_id, task_id, tag_id) select organization_id, $1, id from tag`,
      [id],
    );
    await page.reload();
    const items = page.getByRole("list", { name: "Tasks" }).getByRole("listitem");
    await items.first().getByText("Running").waitFor();
    assert.equal(await items.count(), OLD_TASKS + 1);
    await page.getByRole("button", { name: "More" }).click();
    await items.nth(OLD_TASKS + 1).waitFor();
    await page.getByRole("combobox", { name: "Status" }).selectOption("Running");
    await page.waitForURL(/\?status=processing$/);
    await items.nth(1).waitFor({ state: "detached" });
    await checkPage(page);
    await admin.query("update tasks.tasks set progress_percentage = 30 where id = $1", [id]);
    await items.getByText("30%").waitFor();

    await page.getByRole("link", { name: "Publish the letter" }).click();
    await onPage(page, "Publish the letter");
    await page.getByText("Spring, Urgent").waitFor();
    await page.getByRole("region", { name: "Input as JSON" }).getByText('"letter": "spring"').waitFor();
    // Reading the task brings nothing from here on: what comes, comes by its events.
    await page.route(`**/api/**/tasks/${id}`, () => undefined);
    await admin.query("update tasks.tasks set progress_percentage = 60, progress_note = 'Page 6 of 10' where id = $1", [
      id,
    ]);
    await page.getByText("Page 6 of 10").waitFor();
    await page.getByText("60%", { exact: true }).waitFor();
    await page.unroute(`**/api/**/tasks/${id}`);
    await checkPage(page);
    await admin.query(
      `with tried as (
         insert into tasks.task_attempts (organization_id, task_id, attempt, worker, fencing_token, status, failure_class, log, started_at, ended_at)
         select organization_id, id, 1, 'w', 1, 'failed', 'timed_out', 'Called the printer.', now() - interval '90 s', now() from tasks.tasks where id = $1
       ) update tasks.tasks set status = 'failed', attempts = 1, completed_at = now(), error_details = '{"message": "The printer is away."}' where id = $1`,
      [id],
    );
    await page.getByText("It failed: it took too long").waitFor();
    await page.getByText("The printer is away.").waitFor();
    const attempts = page.getByRole("list", { name: "Attempts" });
    await attempts.getByText("took 1 min 30 s").waitFor();
    await attempts.getByText("Log", { exact: true }).click();
    await attempts.getByText("Called the printer.").waitFor();
    await checkPage(page);

    const viewer = await windows.openAs(cast, "viewer", `/tasks/${id}`);
    await viewer.getByText("The printer is away.").waitFor();
    assert.equal(await viewer.getByRole("button", { name: "Try again" }).count(), 0);

    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("In line", { exact: true }).first().waitFor();
    await page.getByText("Comes next").waitFor();
    await page.getByRole("button", { name: "Cancel: Publish the letter" }).click();
    await page.getByRole("button", { name: "Cancel it for good?: Publish the letter" }).click();
    await page.getByText("Cancelled", { exact: true }).first().waitFor();
  });

  test("credits and usage show each part to whoever may see it, and one that is refused leaves the others", async () => {
    const cast = await app.makeCast({ boss: "admin", leader: "task_admin", labeler: "labeler" });
    await admin.query(
      `select credits.grant_credits(a.organization_id, a.id, 'purchase', 1500000, 'test:' || n, 'Bought', null, 50::smallint)
       from credits.accounts a join organizations.organizations o on o.id = a.organization_id, generate_series(1, $2) n where o.slug = $1`,
      [cast.slug, GRANTS],
    );
    const page = await windows.openAs(cast, "boss", "/labeling");
    await page.getByRole("link", { name: "Credits and usage" }).click();
    await onPage(page, "Credits and usage");
    await page.getByRole("region", { name: "Credits", exact: true }).getByText("131.5").first().waitFor();
    await page.getByRole("meter", { name: "Credits, spent this month" }).waitFor();
    await page.getByRole("list", { name: "Usage by resource" }).getByText("4 members").waitFor();
    const entries = page.getByRole("list", { name: "Ledger" }).getByRole("listitem");
    await page.getByRole("button", { name: "More" }).click();
    await entries.nth(GRANTS).waitFor();
    await checkPage(page);

    const leader = await windows.openAs(cast, "leader", "/usage");
    await leader.getByRole("list", { name: "Usage by resource" }).waitFor();
    assert.equal(await leader.getByRole("region", { name: "Ledger" }).count(), 0);
    const labeler = await windows.openAs(cast, "labeler", "/usage");
    await labeler.getByRole("heading", { name: "Your roles don't include credits and usage" }).waitFor();
    assert.equal(await labeler.getByRole("link", { name: "Credits and usage" }).count(), 0);

    const refused = await windows.openAs(cast, "boss", "/labeling");
    await refused.getByRole("link", { name: "Credits and usage" }).waitFor();
    await admin.query(
      `update organizations.memberships m set effective_permissions = m.effective_permissions - 'credits.account.read'
       from organizations.organizations o where o.id = m.organization_id and o.slug = $1 and m.display_name = 'boss'`,
      [cast.slug],
    );
    await refused.getByRole("link", { name: "Credits and usage" }).click();
    await refused.getByRole("region", { name: "Credits", exact: true }).getByRole("alert").waitFor();
    await refused.getByRole("list", { name: "Usage by resource" }).waitFor();
    await checkPage(refused);
  });
});
