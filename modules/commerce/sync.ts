import { z } from "zod";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { type RunningTask, TaskFailure, taskKind } from "../../kernel/work.ts";
import type { Connector, Kind, Page, Place, Shop } from "./connectors/connector.ts";
import { readAhead } from "./reading.ts";
import { openShop } from "./shops.ts";
import { takeFound } from "./taking.ts";

const TIME_LIMIT_SECONDS = 3 * 3_600;
const ATTEMPTS_MAX = 8;
const MISTAKE = "Tenon made a mistake. The task's log has more of it.";
/** What is read of a store while something is written: so much is written together. */
const PAGES_AHEAD_MAX = 10;
/** Products first: the lines of orders name them. */
const KINDS = ["product", "order"] as const;

const SyncInput = z.strictObject({
  store: z.uuid().describe("The store"),
  full: z.boolean().optional().describe("Everything anew, and not what changed since the last time"),
});
type SyncInput = z.infer<typeof SyncInput>;

const PlaceShape = z.object({ since: z.string().optional(), mark: z.string().optional() });
const Cursor = z.object({ at: z.enum(KINDS), product: PlaceShape, order: PlaceShape });
type Cursor = { at: Kind; product: Place; order: Place };

/** Takes over what changed in a store since the last time, page by page: each with the place behind it, so that a lost try is gone on with. */
export const syncKind = taskKind<SyncInput>({
  type: "commerce.sync_store",
  summary: "Takes over what changed in a store",
  category: "ecommerce",
  workerType: "integration",
  input: SyncInput,
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: ATTEMPTS_MAX,
  limits: ({ store }) => ({ lane: { name: `commerce.sync_store:${store}`, places: 1 } }),
  isOpen: true,
  run: sync,
});

type Run = {
  task: RunningTask<SyncInput>;
  store: string;
  connector: Connector;
  shop: Shop;
  id: string;
  cursor: Cursor;
  created: number;
  updated: number;
  failed: number;
};

async function sync(task: RunningTask<SyncInput>): Promise<object> {
  const { store, full = false } = task.input;
  const { connector, shop } = await openShop(task, store);
  const { run: id, faults, cursor, ...counts } = await begin(task, store, full);
  const run: Run = { task, store, connector, shop, id, cursor: readCursor(cursor), ...counts };
  try {
    await takeAgain(run, faults);
    for (const kind of KINDS.slice(KINDS.indexOf(run.cursor.at))) await takeAll(run, kind);
    await end(run);
  } catch (error) {
    // Whoever goes on with it does so from here; what is over for good says why.
    if (isOver(task, error))
      await end(run, error instanceof TaskFailure ? error : new TaskFailure("internal", MISTAKE));
    throw error;
  }
  const { created, updated, failed } = run;
  return { created, updated, failed };
}

type Begun = {
  run: string;
  cursor: string | null;
  created: number;
  updated: number;
  failed: number;
  faults: { kind: Kind; id: string }[];
};

async function begin({ entry, id }: RunningTask<SyncInput>, store: string, full: boolean): Promise<Begun> {
  return transaction(entry, async (tx) => {
    const [row] = await tx.query<{ holds: boolean }>("select kernel.holds('commerce.store.write') as holds");
    if (!row?.holds) throw new TaskFailure("unauthorized", "Who has this store synced may not write stores any more.");
    const [begun] = await tx.query<{ begun: Begun }>("select commerce.begin_sync($1, $2, $3) as begun", [
      store,
      id,
      full,
    ]);
    if (!begun) throw new Error("The database began no sync and said nothing.");
    return begun.begun;
  });
}

function readCursor(text: string | null): Cursor {
  return text === null ? { at: "product", product: {}, order: {} } : (Cursor.parse(JSON.parse(text)) as Cursor);
}

/** Asks for the things that could not be taken over before: their turn would come only when they change again. */
async function takeAgain(run: Run, faults: Begun["faults"]): Promise<void> {
  const { task, store, connector, shop } = run;
  for (const { kind, id } of faults) {
    const found = await connector.getOne(shop, kind, id);
    if (found) await take(run, kind, [found]);
    else
      await transaction(task.entry, async (tx) => {
        await tx.query("select commerce.note_taken($1, null, null, $2, $3, 0, 0, '[]')", [store, kind, [id]]);
        await tx.query("select commerce.take_loss($1, $2, $3)", [store, kind, id]);
      });
  }
}

/** Takes all that changed of a kind: what a store tells while something is written is written next, together. */
async function takeAll(run: Run, kind: Kind): Promise<void> {
  const { connector, shop, task } = run;
  const ahead = readAhead((place) => connector.listChangedSince(shop, kind, place), run.cursor[kind], PAGES_AHEAD_MAX);
  for await (const pages of ahead) {
    task.signal.throwIfAborted();
    const last = pages.at(-1) as Page;
    run.cursor = cursorBehind(run.cursor, kind, last);
    await take(run, kind, onceEach(pages), JSON.stringify(run.cursor));
    tellProgress(run, kind, last);
    await transaction(task.entry, (tx) => tx.query("select commerce.learn_sizes()"));
  }
}

/** Each thing once: pages overlap by a moment, and what is told last is the newest. */
function onceEach(pages: readonly Page[]): Page["found"] {
  return [...new Map(pages.flatMap(({ found }) => found.map((one) => [one.id, one]))).values()];
}

/** Behind the last page the other kind comes, and behind both the next sync begins with products again. */
function cursorBehind(cursor: Cursor, kind: Kind, { next, isLast }: Page): Cursor {
  const at = isLast ? (kind === "product" ? "order" : "product") : kind;
  return { ...cursor, at, [kind]: next };
}

async function take(run: Run, kind: Kind, found: Page["found"], cursor?: string): Promise<void> {
  const { task, store, id } = run;
  const taken = await transaction(task.entry, (tx) =>
    takeFound(tx, store, kind, found, { id, ...(cursor !== undefined && { cursor }) }),
  );
  run.created += taken.created;
  run.updated += taken.updated;
  run.failed += taken.failed;
}

function tellProgress({ task, created, updated, failed }: Run, kind: Kind, { left, isLast }: Page): void {
  const done = created + updated + failed;
  const half = kind === "product" ? 0 : 50;
  const share = isLast ? 1 : left === undefined ? 0.5 : done / Math.max(done + left, 1);
  task.progress(half + Math.floor(50 * share), `${done} things, at ${kind}s`);
}

function isOver({ attempt, signal }: RunningTask<SyncInput>, error: unknown): boolean {
  if (signal.aborted) return false;
  if (!(error instanceof TaskFailure)) return attempt >= ATTEMPTS_MAX;
  return attempt >= ATTEMPTS_MAX || error.failureClass === "invalid" || error.failureClass === "unauthorized";
}

async function end({ task, store, id }: Run, failure?: TaskFailure): Promise<void> {
  const values = [store, id, failure?.message.slice(0, 5_000) ?? null, failure?.failureClass === "unauthorized"];
  await transaction(task.entry, (tx) => tx.query("select commerce.end_sync($1, $2, $3, $4)", values));
}
