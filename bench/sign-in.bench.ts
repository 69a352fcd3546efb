import { randomUUID } from "node:crypto";
import { derivePasswordHash, newPasswordParameters } from "../modules/identity/passwords.ts";
import { createPerson } from "../modules/identity/people.ts";
import { adminOf } from "../test/harness.ts";
import { openTestServer } from "../test/http/server.ts";
import { compare, type Finding, rateRows } from "./bench.ts";

const GOAL = 0.8;
const PEOPLE = 16;
const PASSWORD = "a long enough sentence 47";

/** The hash of a password alone against the whole endpoint: with the right password, a wrong one, and no such account. */
export async function bench(): Promise<Finding> {
  const { server, database } = await openTestServer();
  const admin = await adminOf(database);
  const emails = Array.from({ length: PEOPLE }, () => `${randomUUID()}@example.com`);
  // Wrong passwords lock an account, so these do not sign in.
  const others = Array.from({ length: PEOPLE }, () => `${randomUUID()}@example.com`);
  for (const email of [...emails, ...others])
    await createPerson(admin, { email, name: "A Person", password: PASSWORD });

  const signIn = async (email: string | undefined, password: string, status: number) => {
    const answer = await server.inject({ method: "POST", url: "/api/session", payload: { email, password } });
    if (answer.statusCode !== status) throw new Error(`The endpoint answered ${answer.statusCode}: ${answer.body}`);
  };
  const comparison = await compare(
    {
      "argon2id alone": () => derivePasswordHash(PASSWORD, newPasswordParameters()),
      "POST /api/session": (call) => signIn(emails[call % PEOPLE], PASSWORD, 200),
      "no such account": () => signIn(`${randomUUID()}@example.com`, PASSWORD, 401),
      "wrong password": (call) => signIn(others[call % PEOPLE], "wrong", 401),
    },
    { calls: 600, callers: 8 },
  );
  return { table: rateRows(comparison), figure: comparison.ratio, goal: GOAL };
}
