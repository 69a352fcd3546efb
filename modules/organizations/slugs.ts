import { randomBytes } from "node:crypto";
import pg from "pg";
import { hasState } from "../../kernel/database/errors.ts";
import { Problem } from "../../kernel/errors.ts";
import { tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";

const TAIL_BYTES = 3;
const CHECK_VIOLATION = "23514";

/** The same slug with a random tail, for when it is taken. */
export function withTail(slug: string): string {
  return `${slug}-${randomBytes(TAIL_BYTES).toString("hex")}`;
}

/** Whether the database refused a slug: another organization's, now or before, or an address of the application's own. */
export function isSlugTaken(error: unknown): boolean {
  return hasState(error, "unique_violation") || (error instanceof pg.DatabaseError && error.code === CHECK_VIOLATION);
}

/** What is said of a slug that is taken. */
export function slugTaken(cause: unknown): Problem {
  return new Problem("conflict", { detail: "This address is taken.", hint: "Choose another slug.", cause });
}

/** Gives the organization another slug; the old one goes on leading to it. Throws `conflict` when it is taken. */
export async function changeSlug(context: Context, { slug }: { slug: string }): Promise<{ slug: string }> {
  try {
    await tell(context, "select organizations.change_slug($1)", [slug]);
  } catch (error) {
    throw isSlugTaken(error) ? slugTaken(error) : error;
  }
  return { slug };
}
