import pg from "pg";
import { runBatch, type Step } from "../../kernel/database/batch.ts";
import type { Database } from "../../kernel/database/pool.ts";
import { RUNTIME_ROLES, type RuntimeRole, roleName } from "../../kernel/database/roles.ts";
import { type EnteringRole, enterStep } from "../../kernel/tenancy/context.ts";
import { addMember, contextOf, createTenant, type Person, type Tenant, testServer } from "../harness.ts";

/** What became of a statement: the rows it returned or touched, or the state and text of its error. */
export type Outcome = { rows: (string | null)[][]; touched: number; code?: string; message?: string };

/** Someone who tries statements as a database role; nothing that they do remains. */
export type Actor = { role: RuntimeRole; name: string; attempt(text: string, values?: unknown[]): Promise<Outcome> };

/** The people of one organization who enter it, one for each scope that a permission can be held in. */
export type Cast = { tenant: Tenant; labeler: Person; client: Person };

const ENTERING_ROLES: EnteringRole[] = ["member", "own", "client", "steward", "loader"];

/** Makes an organization and its people. A client's role permits nothing as it is, so it is given what entering asks for. */
export async function createCast(admin: pg.Client, database: Database): Promise<Cast> {
  const tenant = await createTenant(database);
  const labeler = await addMember(admin, database, tenant, "labeler");
  const client = await addMember(admin, database, tenant, "client");
  await admin.query(
    `insert into organizations.role_permissions (organization_id, role_id, permission)
     select organization_id, id, 'organization.read' from organizations.roles where organization_id = $1 and name = 'client'`,
    [tenant.id],
  );
  return { tenant, labeler, client };
}

/**
 * Every runtime role inside the cast's organization. Those that enter with a person's credential do so, on connections of
 * their own; the others are given the context by a superuser, so that their grants and policies are tried all the same.
 */
export function actorsInside(admin: pg.Client, database: Database, cast: Cast): Actor[] {
  let last: Promise<unknown> = Promise.resolve();
  /** The simulated actors share one connection, so one waits for the other. */
  const inTurn = (opening: Step[], step: Step): Promise<Outcome> => {
    const outcome = last.then(() => attempt(admin, opening, step));
    last = outcome.catch(() => undefined);
    return outcome;
  };
  return RUNTIME_ROLES.map((role) =>
    isEntering(role) ? enteringActor(database, role, cast) : simulatedActor(inTurn, role, cast),
  );
}

/** Every runtime role, logged in as itself, in a transaction that has entered nothing. */
export function actorsOutside(database: Database): Actor[] {
  return RUNTIME_ROLES.map((role) => ({
    role,
    name: `tenon_${role} outside`,
    attempt: (text, values) => database.lend(role, (client) => attempt(client, [], { text, values })),
  }));
}

/** The person of the cast who works as a role. */
export function personOf(role: RuntimeRole, { tenant, labeler, client }: Cast): Person {
  if (role === "own") return labeler;
  return role === "client" ? client : tenant.owner;
}

/** Whether a role enters with a person's credential. */
export function isEntering(role: RuntimeRole): role is EnteringRole {
  return ENTERING_ROLES.some((entering) => entering === role);
}

function enteringActor(database: Database, role: EnteringRole, cast: Cast): Actor {
  // Rows of benchmarks are named for the operations of benchmarks alone.
  const wish = role === "own" ? { permission: "evaluation.submission.write" } : {};
  const entering = enterStep(contextOf(database, cast.tenant, { role, person: personOf(role, cast), ...wish }));
  return {
    role,
    name: `tenon_${role}`,
    attempt: (text, values) => database.lend(role, (client) => attempt(client, [entering], { text, values })),
  };
}

function simulatedActor(
  inTurn: (opening: Step[], step: Step) => Promise<Outcome>,
  role: RuntimeRole,
  cast: Cast,
): Actor {
  const opening = [
    {
      text: "select set_config('tenon.organization_id', $1, true), set_config('tenon.user_id', $2, true)",
      values: [cast.tenant.id, cast.labeler.userId],
    },
    { text: `set local role ${roleName(testServer.prefix, role)}` },
  ];
  return { role, name: `tenon_${role}`, attempt: (text, values) => inTurn(opening, { text, values }) };
}

/** Tries one statement in a transaction that is rolled back. */
async function attempt(client: pg.PoolClient | pg.Client, opening: Step[], step: Step): Promise<Outcome> {
  try {
    const results = await runBatch(client, [{ text: "begin" }, ...opening, step, { text: "rollback" }]);
    const result = results[1 + opening.length];
    return { rows: result?.rows ?? [], touched: Number(result?.tag.split(" ").at(-1)) };
  } catch (error) {
    await runBatch(client, [{ text: "rollback" }]);
    if (!(error instanceof pg.DatabaseError)) throw error;
    return { rows: [], touched: 0, code: error.code, message: error.message };
  }
}
