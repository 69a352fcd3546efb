const CLASSES: Record<string, string> = {
  transient: "a passing fault",
  rate_limited: "too many calls",
  invalid: "the input was refused",
  unauthorized: "not allowed",
  out_of_credit: "no credits were left",
  timed_out: "it took too long",
  internal: "a fault of the worker",
};

/** The words for a class of failures. */
export function failureClassOf(name: string): string {
  return CLASSES[name] ?? name;
}

/** What a failure or a wait says of itself, if it says something to people. */
export function messageOf(details: unknown): string | undefined {
  if (typeof details !== "object" || details === null || !("message" in details)) return undefined;
  return typeof details.message === "string" && details.message !== "" ? details.message : undefined;
}
