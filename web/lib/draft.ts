import { Structuring } from "../../modules/studio/structuring-contract.ts";
import { type Conflict, isSameStructuring, keyOf, mergeStructuring, valueAt, withValue } from "./structuring.ts";

/** What is written is saved after so much rest, and at the latest so long after it was begun. */
const REST_MS = 800;
const LONGEST_MS = 5_000;
/** Where the server does not answer it is asked again after so long, at first and at most. */
const AGAIN_MS = 2_000;
const AGAIN_MS_MAX = 30_000;
const PREFIX = "tenon.draft";

/**
 * How it stands with what somebody writes: all is saved; not yet; under way; the server does not answer, and the device keeps it;
 * both sides changed the same; the server does not take it.
 */
export type DraftStatus = "saved" | "unsaved" | "saving" | "offline" | "conflict" | "refused";

/** What the server has: the content at a revision. */
export type Saved = { content: Structuring; revision: number };

/** What became of saving: done; refused, for another revision stands there; not answered; refused for another reason. */
export type SaveOutcome =
  | { kind: "saved" | "changed"; saved: Saved }
  | { kind: "unanswered" }
  | { kind: "refused"; error: unknown };

export type DraftState = { content: Structuring; status: DraftStatus; conflicts: Conflict[]; error: unknown };

/** Where drafts are kept while they are not saved. */
export type DraftStore = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

type Settings = {
  /** Whose draft of what it is. */
  name: string;
  saved: Saved;
  save(content: Structuring, revision: number): Promise<SaveOutcome>;
  store?: DraftStore;
};

/**
 * A section that is being written: it saves itself, and is merged with what others save. What is not saved yet is kept on the device, so that
 * nothing is lost with the page; what an earlier page left there is merged into what the server has by now.
 */
export class Draft {
  readonly #key: string;
  readonly #store: DraftStore;
  readonly #save: Settings["save"];
  readonly #listeners = new Set<() => void>();
  #saved: Saved;
  #state: DraftState;
  /** What came from the server while it was being saved to. */
  #newer: Saved | undefined;
  #saving: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unsavedSince: number | undefined;
  #failures = 0;
  #isClosed = false;

  constructor({ name, saved, save, store = localStorage }: Settings) {
    this.#key = `${PREFIX}:${name}:${crypto.getRandomValues(new Uint32Array(2)).join("")}`;
    this.#store = store;
    this.#save = save;
    this.#saved = saved;
    let { content } = saved;
    let conflicts: Conflict[] = [];
    for (const left of takeLeft(store, name)) {
      const merged = mergeStructuring(left.base, left.content, content);
      content = merged.content;
      conflicts = unique([...conflicts, ...merged.conflicts]);
    }
    this.#state = { content, status: "saved", conflicts, error: undefined };
    this.#settle(content, conflicts);
  }

  readonly read = (): DraftState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly edit = (content: Structuring): void => {
    this.#unsavedSince ??= Date.now();
    const isHeld = ["conflict", "saving", "offline"].includes(this.#state.status);
    this.#set({ content, ...(!isHeld && { status: "unsaved" }) });
    if (isHeld) return;
    this.#wait(Math.max(0, Math.min(REST_MS, this.#unsavedSince + LONGEST_MS - Date.now())));
  };

  /** Takes what the server has now. */
  readonly take = (found: Saved): void => {
    if (found.revision <= this.#saved.revision) return;
    if (this.#saving) this.#newer = found;
    else this.#rebase(found);
  };

  /** Decides a conflict for one side. */
  readonly choose = (conflict: Conflict, side: "mine" | "theirs"): void => {
    const { content, conflicts } = this.#state;
    const rest = conflicts.filter(({ spot }) => keyOf(spot) !== keyOf(conflict.spot));
    const decided = conflict[side];
    // What is mine stands there already, unless I deleted it.
    const isThere = side === "mine" && decided !== null;
    this.#settle(isThere ? content : withValue(content, conflict.spot, decided), rest);
  };

  /** Saves at once what is not saved. Resolves when that is answered. */
  readonly flush = async (): Promise<void> => {
    clearTimeout(this.#timer);
    if (this.#saving) return this.#saving;
    const { status, content } = this.#state;
    if (status === "saved" || status === "conflict") return;
    this.#set({ status: "saving", error: undefined });
    this.#saving = this.#save(content, this.#saved.revision).then((outcome) => {
      this.#saving = undefined;
      this.#finish(content, outcome);
    });
    return this.#saving;
  };

  /** Saves what is not saved, and ends. */
  readonly close = (): void => {
    this.#isClosed = true;
    // What was written while that was under way follows.
    void this.flush().then(this.flush);
  };

  #finish(sent: Structuring, outcome: SaveOutcome): void {
    this.#failures = outcome.kind === "unanswered" ? this.#failures + 1 : 0;
    if (outcome.kind === "unanswered") {
      this.#set({ status: "offline" });
      this.#wait(Math.min(AGAIN_MS * 2 ** (this.#failures - 1), AGAIN_MS_MAX));
    } else if (outcome.kind === "refused") this.#set({ status: "refused", error: outcome.error });
    else if (outcome.kind === "changed") this.#rebase(outcome.saved);
    else {
      this.#saved = { content: sent, revision: outcome.saved.revision };
      this.#unsavedSince = undefined;
      this.#settle(this.#state.content, []);
    }
    const newer = this.#newer;
    this.#newer = undefined;
    if (newer) this.take(newer);
  }

  /** Goes on from what the server has now. */
  #rebase(found: Saved): void {
    const { content, conflicts } = mergeStructuring(this.#saved.content, this.#state.content, found.content);
    this.#saved = found;
    this.#settle(content, unique([...openStill(this.#state.conflicts, content, found.content), ...conflicts]));
  }

  #settle(content: Structuring, conflicts: Conflict[]): void {
    if (conflicts.length > 0) this.#set({ content, conflicts, status: "conflict" });
    else if (isSameStructuring(content, this.#saved.content)) {
      this.#unsavedSince = undefined;
      clearTimeout(this.#timer);
      this.#set({ content, conflicts, status: "saved", error: undefined });
    } else {
      this.#set({ content, conflicts, status: "unsaved" });
      this.#wait(REST_MS);
    }
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.flush(), milliseconds);
  }

  #set(change: Partial<DraftState>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#state.status === "saved") this.#store.removeItem(this.#key);
    else writeTo(this.#store, this.#key, { base: this.#saved.content, content: this.#state.content });
    for (const listener of this.#listeners) listener();
  }
}

function unique(conflicts: Conflict[]): Conflict[] {
  return [...new Map(conflicts.map((conflict) => [keyOf(conflict.spot), conflict])).values()];
}

/** Conflicts that nobody has decided yet, with what the other side says by now. */
function openStill(conflicts: Conflict[], mine: Structuring, theirs: Structuring): Conflict[] {
  return conflicts
    .map(({ spot, mine: own }) => ({
      spot,
      // What was deleted here stands in the draft until that is decided.
      mine: own === null ? null : valueAt(mine, spot),
      theirs: valueAt(theirs, spot),
    }))
    .filter((conflict) => JSON.stringify(conflict.mine) !== JSON.stringify(conflict.theirs));
}

type Left = { base: Structuring; content: Structuring };

/** A device that keeps no more still has what is on the page. */
function writeTo(store: DraftStore, key: string, left: Left): void {
  try {
    store.setItem(key, JSON.stringify(left));
  } catch {
    store.removeItem(key);
  }
}

/** Takes out what earlier pages left of a draft: it is this one's from now on. */
function takeLeft(store: DraftStore, name: string): Left[] {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
  return keys
    .filter((key) => key.startsWith(`${PREFIX}:${name}:`))
    .toSorted()
    .flatMap((key) => {
      const left = readLeft(store.getItem(key));
      store.removeItem(key);
      return left ?? [];
    });
}

function readLeft(text: string | null): Left | undefined {
  try {
    const { base, content } = JSON.parse(text ?? "") as Record<string, unknown>;
    return { base: Structuring.parse(base), content: Structuring.parse(content) };
  } catch {
    return undefined;
  }
}
