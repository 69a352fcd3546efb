import { Worker } from "node:worker_threads";

/** Some texts take long on purpose: a thread of their own renders them, for so long. */
const RENDER_MS = 5_000;
/** So many texts may wait for the thread. */
const WAITING_MAX = 50;

let thread: Worker | undefined;
let line: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * Markdown as the HTML of a page, rendered beside the process's own thread, one text after the other. Undefined where a text takes
 * more than five seconds or is nested too deep, or where too many wait: it is then shown as it was written.
 */
export async function renderPage(markdown: string): Promise<string | undefined> {
  if (waiting >= WAITING_MAX) return undefined;
  waiting += 1;
  const turn = line.then(() => renderInThread(markdown));
  line = turn;
  try {
    return await turn;
  } finally {
    waiting -= 1;
  }
}

function renderInThread(markdown: string): Promise<string | undefined> {
  const worker = thread ?? openThread();
  thread = worker;
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const died = () => resolve(undefined);
  const timer = setTimeout(() => giveUp(worker), RENDER_MS);
  // The process waits for a text that is being rendered, and for nothing else of the thread.
  worker.ref();
  worker.once("message", resolve).once("exit", died);
  worker.postMessage(markdown);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off("message", resolve).off("exit", died).unref();
  });
}

function openThread(): Worker {
  const worker = new Worker(new URL("./render-thread.ts", import.meta.url));
  // What it died of is told by its exit; the next text gets another thread.
  worker.on("error", () => giveUp(worker));
  return worker;
}

function giveUp(worker: Worker): void {
  if (thread === worker) thread = undefined;
  void worker.terminate();
}
