const WORDS: Record<string, string> = {
  planning: "Being planned",
  active: "Under way",
  on_hold: "On hold",
  completed: "Completed",
  cancelled: "Cancelled",
};

/** The words for where a project stands. */
export function projectWord(status: string): string {
  return WORDS[status] ?? status;
}
