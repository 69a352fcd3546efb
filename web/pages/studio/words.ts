import type { WhichSessions } from "../../../modules/studio/contract.ts";
import type { ListField, Structuring } from "../../../modules/studio/structuring-contract.ts";
import type { DraftStatus } from "../../lib/draft.ts";
import type { Spot } from "../../lib/structuring.ts";

/** What the fields of the section are called. */
export const FIELD_WORDS: Record<keyof Structuring, string> = {
  problem: "Problem",
  current_state: "Current state",
  desired_solution: "Desired solution",
  goals: "Goals",
  stakeholders: "Stakeholders",
  constraints: "Constraints",
  success_measures: "Success measures",
};

/** What one item of a list is called, and its fields. */
export const ITEM_WORDS: Record<ListField, { one: string; parts: Record<string, string> }> = {
  goals: { one: "Goal", parts: { text: "Goal" } },
  stakeholders: { one: "Stakeholder", parts: { name: "Who", role: "Role", interest: "What matters to them" } },
  constraints: { one: "Constraint", parts: { text: "Constraint" } },
  success_measures: { one: "Success measure", parts: { measure: "Measure", target: "Target" } },
};

/** What is to be written in each. */
export const HINTS: Record<keyof Structuring, string> = {
  problem: "What is wrong, for whom, and what it costs them",
  current_state: "How it is done today",
  desired_solution: "How it should be",
  goals: "What is to be reached",
  stakeholders: "Who decides, who works with it, and what matters to them",
  constraints: "What cannot be changed: time, money, law, systems",
  success_measures: "By what one will see that it worked",
};

export const WHICH_WORDS: Record<WhichSessions, string> = {
  open: "Mine and shared",
  own: "Mine",
  shared: "Shared with me",
  templates: "Templates",
  bin: "Bin",
  all: "Everybody's",
};

export const STATUS_WORDS: Record<DraftStatus, { label: string; color: string }> = {
  saved: { label: "Saved", color: "teal" },
  unsaved: { label: "Not saved yet", color: "gray" },
  saving: { label: "Saving…", color: "blue" },
  offline: { label: "Offline: kept on this device", color: "yellow" },
  conflict: { label: "Conflict: choose below", color: "orange" },
  refused: { label: "Could not be saved", color: "red" },
};

/** A spot in words, such as "Stakeholders, Role". */
export function spotWords({ field, part }: Spot): string {
  const words = part && ITEM_WORDS[field as ListField].parts[part];
  return words && words !== ITEM_WORDS[field as ListField].one ? `${FIELD_WORDS[field]}, ${words}` : FIELD_WORDS[field];
}
