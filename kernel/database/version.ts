/** Oldest supported major version, and for each the first minor that closed the known holes in its row-level security. */
const MAJOR_MIN = 15;
const SAFE_MINORS: Record<number, number> = { 15: 18, 16: 14, 17: 10, 18: 4 };

/**
 * Judges a server's version by its `server_version_num`, such as 150018. Throws when it is too old; returns a warning when
 * its minor version has known security holes (those that the releases of May 2026 closed), else undefined.
 */
export function judgeVersion(versionNumber: number): string | undefined {
  const major = Math.floor(versionNumber / 10_000);
  const minor = versionNumber % 10_000;
  if (major < MAJOR_MIN) {
    throw new Error(`PostgreSQL ${major}.${minor} is too old: Tenon needs version ${MAJOR_MIN} or later.`);
  }
  const safe = SAFE_MINORS[major];
  if (safe === undefined || minor >= safe) return undefined;
  return `PostgreSQL ${major}.${minor} has known security holes; ${major}.${safe} closes them. Please update the server.`;
}
