import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Structuring } from "../../modules/studio/structuring-contract.ts";
import { Draft, type DraftStore, type Saved, type SaveOutcome } from "./draft.ts";

/** A server that keeps one section, and can be out of reach. */
function openServer() {
  let saved: Saved = { content: Structuring.parse({}), revision: 1 };
  const server = {
    isReached: true,
    /** Takes what was sent, but the answer is lost. */
    losesAnswers: false,
    read: () => saved,
    save: async (content: Structuring, revision: number): Promise<SaveOutcome> => {
      if (!server.isReached) return { kind: "unanswered" };
      if (revision !== saved.revision) return { kind: "changed", saved };
      saved = { content, revision: revision + 1 };
      return server.losesAnswers ? { kind: "unanswered" } : { kind: "saved", saved };
    },
  };
  return server;
}

/** What a device keeps. */
function openStore(): DraftStore & { keys(): string[] } {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    key: (index) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
    keys: () => [...kept.keys()],
  };
}

const write = (draft: Draft, change: Partial<Structuring>) => draft.edit({ ...draft.read().content, ...change });

test("what is written while the server is away is kept on the device, and saved by the next page", async () => {
  const [server, store] = [openServer(), openStore()];
  const open = () => new Draft({ name: "tara:one", saved: server.read(), save: server.save, store });
  const first = open();
  server.isReached = false;
  write(first, { problem: "Dark" });
  await first.flush();
  assert.equal(first.read().status, "offline");
  // The page is gone without a word: nothing of it is closed.
  server.isReached = true;
  await server.save({ ...server.read().content, desired_solution: "Lamps" }, server.read().revision);
  const second = open();
  assert.equal(second.read().status, "unsaved");
  await second.flush();
  assert.equal(second.read().status, "saved");
  const { problem, desired_solution } = server.read().content;
  assert.deepEqual([problem, desired_solution], ["Dark", "Lamps"]);
  assert.deepEqual(store.keys(), []);
  first.close();
  second.close();
});

test("a save whose answer was lost is not taken for somebody else's", async () => {
  const server = openServer();
  const draft = new Draft({ name: "tara:one", saved: server.read(), save: server.save, store: openStore() });
  server.losesAnswers = true;
  write(draft, { problem: "Dark" });
  await draft.flush();
  server.losesAnswers = false;
  await draft.flush();
  assert.deepEqual([draft.read().status, draft.read().conflicts], ["saved", []]);
  draft.close();
});

test("a conflict is saved only when it was decided, and goes on being told when the other side writes again", async () => {
  const server = openServer();
  const draft = new Draft({ name: "tara:one", saved: server.read(), save: server.save, store: openStore() });
  write(draft, { problem: "Mine" });
  await server.save({ ...server.read().content, problem: "Theirs" }, 1);
  await draft.flush();
  assert.equal(draft.read().status, "conflict");
  await draft.flush();
  assert.equal(server.read().content.problem, "Theirs");
  await server.save({ ...server.read().content, problem: "Theirs again" }, 2);
  draft.take(server.read());
  const [conflict] = draft.read().conflicts;
  assert.deepEqual([conflict?.mine, conflict?.theirs], ["Mine", "Theirs again"]);
  draft.choose(conflict ?? assert.fail(), "mine");
  await draft.flush();
  assert.deepEqual([draft.read().status, server.read().content.problem], ["saved", "Mine"]);
  draft.close();
});

test("what was deleted here and changed there stays a question until it is decided", async () => {
  const server = openServer();
  const goals = [{ id: "g", text: "Rooms" }];
  await server.save({ ...server.read().content, goals }, 1);
  const draft = new Draft({ name: "tara:one", saved: server.read(), save: server.save, store: openStore() });
  write(draft, { goals: [] });
  await server.save({ ...server.read().content, goals: [{ id: "g", text: "More rooms" }] }, 2);
  draft.take(server.read());
  await server.save({ ...server.read().content, problem: "Dark" }, 3);
  draft.take(server.read());
  const [conflict] = draft.read().conflicts;
  assert.equal(conflict?.mine, null);
  draft.choose(conflict ?? assert.fail(), "mine");
  await draft.flush();
  assert.deepEqual([server.read().content.goals, server.read().content.problem], [[], "Dark"]);
  draft.close();
});

type Step = { who: 0 | 1; what: (typeof WHAT)[number]; field: (typeof FIELDS)[number] };
const WHAT = ["write", "save", "look", "leave", "return", "restart"] as const;
const FIELDS = ["problem", "current_state", "desired_solution"] as const;

/** Two people who write words of their own, each on a device, with the server there or away. */
function openPair() {
  const server = openServer();
  const stores = [openStore(), openStore()] as const;
  const open = (who: 0 | 1) => new Draft({ name: "one", saved: server.read(), save: server.save, store: stores[who] });
  const drafts: [Draft, Draft] = [open(0), open(1)];
  const left: Draft[] = [];
  const looks = (draft: Draft) => server.isReached && draft.take(server.read());
  return {
    server,
    drafts,
    take: async ({ who, what, field }: Step, word: string) => {
      const draft = drafts[who];
      if (what === "write") write(draft, { [field]: `${draft.read().content[field]} ${word}` });
      if (what === "save") await draft.flush();
      if (what === "look") looks(draft);
      if (what === "leave" || what === "return") server.isReached = what === "return";
      if (what !== "restart" || !server.isReached) return;
      left.push(draft);
      drafts[who] = open(who);
    },
    /** Both decide for what they have, until nobody has anything to decide. */
    settle: async () => {
      server.isReached = true;
      for (const draft of [...drafts, ...drafts, ...drafts, ...drafts]) {
        for (const conflict of draft.read().conflicts) draft.choose(conflict, "mine");
        await draft.flush();
        looks(draft);
      }
    },
    close: () => {
      for (const draft of [...left, ...drafts]) draft.close();
    },
  };
}

test("with two drafts in any order, all words are on the server or before somebody's eyes, and both end up the same", async () => {
  const step = fc.record({
    who: fc.constantFrom<(0 | 1)[]>(0, 1),
    what: fc.constantFrom(...WHAT),
    field: fc.constantFrom(...FIELDS),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const pair = openPair();
      for (const [index, taken] of steps.entries()) await pair.take(taken, `w${index}.`);
      const seen = JSON.stringify([pair.server.read(), ...pair.drafts.map((draft) => draft.read())]);
      for (const [index, { what }] of steps.entries())
        assert.ok(what !== "write" || seen.includes(`w${index}.`), `w${index} is lost`);
      await pair.settle();
      for (const draft of pair.drafts) assert.deepEqual(draft.read().content, pair.server.read().content);
      pair.close();
    }),
  );
});
