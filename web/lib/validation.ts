/** What a form says of a field that was left empty. */
export function isGiven(value: string): string | null {
  return value.trim() === "" ? "Fill this in." : null;
}
