import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./failure.ts";
import { temporaryPath } from "./temporary.ts";

const PASSWORD_BYTES = 32;
const PASSWORD_FORM = /^[\w-]{43}$/;

/**
 * Reads the superuser's password from `file`, or makes one (mode 0600) where it is missing or damaged. It exists before the cluster
 * does: of two processes that make one at the same time, both then make it with the same password.
 */
export function ensurePassword(file: string): string {
  const kept = readPassword(file);
  if (kept) return kept;
  rmSync(file, { force: true });
  const draft = temporaryPath(dirname(file), "password");
  try {
    writeFileSync(draft, newPassword(), { mode: 0o600, flush: true });
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return ensurePassword(file);
}

function readPassword(file: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8").trim();
    return PASSWORD_FORM.test(text) ? text : undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString("base64url");
}
