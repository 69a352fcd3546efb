import type pg from "pg";
import { newSecret } from "./secrets.ts";

/** What somebody may look after on the whole platform. */
export const PLATFORM_ROLES = ["admin", "moderator", "support"] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

/** Somebody with roles on the whole platform. */
export type Operator = { email: string; name: string; roles: PlatformRole[]; status: string; second_factor: boolean };

/** A token that sets the first password, good once and until `expiresAt`; a person who was there already needs none. */
export type FirstPassword = { token: string; expiresAt: Date };

/**
 * Makes a person an administrator of the platform, and makes the person where there is none: then with the token to set a
 * password. Throws when the address is not one (23514).
 */
export async function createOperator(
  owner: pg.ClientBase,
  { email, name }: { email: string; name: string },
): Promise<FirstPassword | undefined> {
  const secret = newSecret();
  const { rows } = await owner.query<{ user_id: string; token_id: string | null; expires_at: Date }>(
    "select * from identity.create_operator($1, $2, $3)",
    [email, name, secret.hash],
  );
  const [made] = rows;
  if (!made) throw new Error("The database made no operator and said nothing.");
  if (made.token_id === null) return undefined;
  return { token: `tot_${made.user_id}_${made.token_id}_${secret.text}`, expiresAt: made.expires_at };
}

/** Gives a person a role on the whole platform. Resolves with false when they had it. Throws when there is no such account (TN010). */
export function grantPlatformRole(owner: pg.ClientBase, email: string, role: PlatformRole): Promise<boolean> {
  return decide(owner, "select identity.grant_platform_role($1, $2) as done", [email, role]);
}

/** Takes a role from a person, whose visits as a supporter end with it. Resolves with false when they did not have it. */
export function revokePlatformRole(owner: pg.ClientBase, email: string, role: PlatformRole): Promise<boolean> {
  return decide(owner, "select identity.revoke_platform_role($1, $2) as done", [email, role]);
}

/** Lets a locked account try again at once. Resolves with false when nothing had failed. */
export function unlockAccount(owner: pg.ClientBase, email: string): Promise<boolean> {
  return decide(owner, "select identity.unlock_account($1) as done", [email]);
}

/** Shuts a person out everywhere and ends their sessions. Resolves with false when they were shut out already. */
export function suspendPerson(owner: pg.ClientBase, email: string): Promise<boolean> {
  return decide(owner, "select identity.suspend_person($1) as done", [email]);
}

/** Lets a suspended person sign in again. Resolves with false when they were not suspended. */
export function resumePerson(owner: pg.ClientBase, email: string): Promise<boolean> {
  return decide(owner, "select identity.resume_person($1) as done", [email]);
}

async function decide(owner: pg.ClientBase, text: string, values: readonly string[]): Promise<boolean> {
  const { rows } = await owner.query<{ done: boolean }>(text, [...values]);
  return rows[0]?.done ?? false;
}

/** Everybody with a role on the whole platform. */
export async function listOperators(owner: pg.ClientBase): Promise<Operator[]> {
  const { rows } = await owner.query<Operator>(
    `select u.email, u.full_name as name, array_agg(r.role order by r.role) as roles, u.status,
            identity.has_second_factor(u.id) as second_factor
     from identity.platform_roles r join identity.users u on u.id = r.user_id group by u.id order by u.email_key`,
  );
  return rows;
}
