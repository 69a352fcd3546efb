/** Whether lists and objects stand in one another more than so many levels deep: what walks through them would run out of stack. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  // A list may have millions of members, and none of it is copied.
  if (Array.isArray(value)) return value.some((part) => isDeeperThan(part, levels - 1));
  return Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}
