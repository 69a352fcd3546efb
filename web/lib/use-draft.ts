import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { saveStructuring } from "../../modules/studio/documents-contract.ts";
import type { Structuring } from "../../modules/studio/structuring-contract.ts";
import { call } from "./api.ts";
import { Draft, type DraftState, type Saved, type SaveOutcome } from "./draft.ts";
import { type SessionPlace, savedOf } from "./studio-queries.ts";

const UNCHANGED = () => () => undefined;
const NOTHING = () => undefined;

/**
 * The draft of a session's section for the person who writes, as long as the page is there; undefined for a moment at first. What the
 * server has by now is merged in whenever `saved` is another.
 */
export function useDraft(
  { organization, session }: SessionPlace,
  person: string,
  saved: Saved,
): { draft: Draft; state: DraftState } | undefined {
  const [draft, setDraft] = useState<Draft>();
  const [first] = useState(saved);
  useEffect(() => {
    const place = { organization, session };
    const opened = new Draft({
      name: `${person}:${session}:structuring`,
      saved: first,
      save: (content, revision) => save(place, content, revision),
    });
    setDraft(opened);
    const flush = () => void opened.flush();
    const flushHidden = () => {
      if (document.visibilityState === "hidden") flush();
    };
    window.addEventListener("online", flush);
    document.addEventListener("visibilitychange", flushHidden);
    return () => {
      window.removeEventListener("online", flush);
      document.removeEventListener("visibilitychange", flushHidden);
      opened.close();
    };
  }, [organization, session, person, first]);
  useEffect(() => draft?.take(saved), [draft, saved]);
  const state = useSyncExternalStore(
    useCallback((listener: () => void) => (draft ? draft.subscribe(listener) : UNCHANGED()), [draft]),
    draft ? draft.read : NOTHING,
  );
  return draft && state && { draft, state };
}

async function save(place: SessionPlace, content: Structuring, revision: number): Promise<SaveOutcome> {
  try {
    const document = await call(saveStructuring, { params: place, body: content }, { ifMatch: `"${revision}"` });
    return { kind: "saved", saved: savedOf(document) };
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { kind: "refused", error };
    const { status, current } = error.problem;
    if (status === 412 && current) return { kind: "changed", saved: savedOf(current as never) };
    // What may pass by itself: no answer, too many requests, a server in trouble.
    return status === 0 || status === 429 || status >= 500 ? { kind: "unanswered" } : { kind: "refused", error };
  }
}
