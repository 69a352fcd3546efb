import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import type pg from "pg";
import type { Permission } from "../../kernel/database/types.gen.ts";
import type { EnteringRole } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { adminOf, contextOf, type Person } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { type House, openHouse } from "./organizations.fixture.ts";

const RUNS = 30;
const STEPS_MAX = 15;
const MEMBERS = 4;
const PERMISSIONS = [
  "organization.read",
  "organization.own",
  "member.read",
  "member.manage",
  "role.manage",
  "audit.read",
] as const satisfies Permission[];
const CUSTOM = ["Near", "Wide"];
const ROLES = ["owner", "admin", "labeler", "viewer", "client", ...CUSTOM];
const DATABASE_ROLES: Record<string, EnteringRole> = { organization: "member", own: "own", client: "client" };

type Held = Record<string, string>;
type Change = {
  actor: number;
  target: number;
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  payload?: object;
};
type Rights = Record<string, { held: Held; kept: boolean }>;
type Moment = { rights: Rights; owners: number; trace: string };

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const somePermissions = fc.subarray([...PERMISSIONS]);
/** Some hold anything; others are clerks, who may change rights and have few of their own. */
const member = fc.oneof(
  fc.record({ roles: fc.subarray(ROLES.slice(1)), grants: somePermissions, denials: somePermissions }),
  fc.record({
    roles: fc.constant([]),
    grants: fc.constantFrom(["member.manage"], ["role.manage"], ["member.manage", "role.manage", "audit.read"]),
    denials: fc.subarray(["audit.read", "member.read"]),
  }),
);
const setup = fc.array(member, { minLength: MEMBERS, maxLength: MEMBERS });
const anyone = fc.nat(MEMBERS);

/** `:target` is a member and `:role` one of the roles; names of roles in a payload stand for their ids. */
const change: fc.Arbitrary<Change> = fc.oneof(
  step("PUT", "/members/:target/roles", fc.record({ roles: fc.subarray(ROLES, { maxLength: 2 }) })),
  step("PUT", "/members/:target/exceptions", fc.record({ grants: somePermissions, denials: somePermissions })),
  // Somebody tries to lift what is denied to them.
  fc
    .tuple(fc.integer({ min: 1, max: MEMBERS }), fc.constantFrom(["audit.read"], ["member.manage", "audit.read"]))
    .map(([actor, grants]) => {
      const payload = { grants, denials: [] };
      return { actor, target: actor, method: "PUT" as const, path: "/members/:target/exceptions", payload };
    }),
  step("PUT", "/members/:target/status", fc.record({ status: fc.constantFrom("active", "suspended") })),
  step("DELETE", "/members/:target", fc.constant(undefined)),
  step("POST", "/ownership", fc.constant({ member: ":target" })),
  ...CUSTOM.map((role) => step("PATCH", `/roles/:${role}`, fc.record({ permissions: somePermissions }))),
  step("POST", "/roles", fc.record({ name: fc.constantFrom("New", "Newer"), permissions: somePermissions })),
);

function step(
  method: Change["method"],
  path: string,
  payloads: fc.Arbitrary<object | undefined>,
): fc.Arbitrary<Change> {
  return fc
    .tuple(anyone, anyone, payloads)
    .map(([actor, target, payload]) => ({ actor, target, method, path, ...(payload && { payload }) }));
}

async function openSetup(
  members: { roles: readonly string[]; grants: readonly string[]; denials: readonly string[] }[],
) {
  const house = await openHouse(http, admin);
  const { id } = house.tenant;
  await admin.query(
    `with made as (
       insert into organizations.roles (organization_id, name, scope) values ($1, 'Near', 'own'), ($1, 'Wide', 'organization') returning id
     ) insert into organizations.role_permissions (organization_id, role_id, permission)
       select $1, made.id, p from made cross join unnest('{member.read,audit.read,role.manage}'::text[]) p`,
    [id],
  );
  const people: Person[] = [house.tenant.owner];
  for (const { roles, grants, denials } of members) {
    const person = await house.join(...roles);
    const text = "update organizations.memberships set permissions = $3 where organization_id = $1 and user_id = $2";
    await admin.query(text, [id, person.userId, JSON.stringify({ grants, denials })]);
    people.push(person);
  }
  return { ...house, people, roles: await house.roleIds() };
}

/** What everybody holds, how many active owners there are, and everything by which two moments are told apart. */
async function momentOf({ tenant }: House): Promise<Moment> {
  const tables = ["memberships", "member_roles", "roles", "role_permissions"].map(
    (name) => `(select jsonb_agg(to_jsonb(t) order by t) from organizations.${name} t where organization_id = $1)`,
  );
  const { rows } = await admin.query<Moment>(
    `select jsonb_object_agg(user_id, jsonb_build_object('held', effective_permissions,
              'kept', effective_permissions = organizations.effective_permissions(organization_id, user_id))) as rights,
            (select count(*)::int from organizations.owners($1)) as owners, jsonb_build_array(${tables.join(", ")})::text as trace
     from organizations.memberships where organization_id = $1`,
    [tenant.id],
  );
  return rows[0] ?? assert.fail("The organization has no members.");
}

/** What somebody holds that they did not hold before, and that the actor did not hold either. */
function excess(after: Held, before: Held, actor: Held): string[] {
  const covers = (held: Held, name: string, scope: string) => held[name] === "organization" || held[name] === scope;
  return Object.entries(after)
    .filter(([name, scope]) => !covers(before, name, scope) && !covers(actor, name, scope))
    .map(([name, scope]) => `${name} (${scope})`);
}

/** Sends the request of a change; resolves with its status. */
async function make(house: Awaited<ReturnType<typeof openSetup>>, { actor, target, method, path, payload }: Change) {
  const ids: Record<string, string> = { ...house.roles, target: house.people[target]?.userId ?? "" };
  const fill = (text: string) => Object.entries(ids).reduce((all, [name, id]) => all.replaceAll(`:${name}`, id), text);
  const named = { ...payload } as { roles?: string[] };
  const body = { ...named, ...(named.roles && { roles: named.roles.map((name) => ids[name]) }) };
  const answer = await house.ask(
    house.people[actor] ?? house.tenant.owner,
    method,
    fill(path),
    payload && JSON.parse(fill(JSON.stringify(body))),
  );
  assert.ok([200, 204, 400, 403, 404, 409].includes(answer.statusCode), `${method} ${path}: ${answer.body}`);
  return answer.statusCode;
}

test("whatever anybody changes, nobody gets what the actor did not have, and an owner remains", async () => {
  const neighbour = await openSetup([{ roles: ["admin"], grants: [], denials: [] }]);
  const untouched = await momentOf(neighbour);
  let succeeded = 0;
  const changes = fc.array(change, { minLength: 10, maxLength: STEPS_MAX });
  const property = fc.asyncProperty(setup, changes, async (members, steps) => {
    const house = await openSetup(members);
    let before = await momentOf(house);
    for (const each of steps) {
      const status = await make(house, each);
      const after = await momentOf(house);
      if (status < 300) succeeded++;
      else assert.equal(after.trace, before.trace, "a refusal changed something");
      const actor = before.rights[house.people[each.actor]?.userId ?? ""]?.held ?? {};
      for (const [userId, { held, kept }] of Object.entries(after.rights)) {
        assert.ok(kept, "the kept union is not what it comes to");
        assert.deepEqual(excess(held, before.rights[userId]?.held ?? {}, actor), []);
      }
      assert.ok(after.owners > 0, "no owner remained");
      before = after;
    }
  });
  await fc.assert(property, { numRuns: RUNS });
  assert.deepEqual(await momentOf(neighbour), untouched);
  assert.ok(succeeded > RUNS, `only ${succeeded} changes were let through`);
});

const STATES = [
  ["active", "active"],
  ["active", "suspended"],
  ["suspended", "active"],
  ["left", "active"],
] as const;

for (const [membership, account] of STATES) {
  test(`an explanation says what entering decides, for a member ${membership} with an account ${account}`, async () => {
    const property = fc.asyncProperty(setup, async (members) => {
      const house = await openSetup(members);
      const { id } = house.tenant;
      const someone = await house.join("viewer");
      const text = "update organizations.memberships set status = $3 where organization_id = $1 and user_id = $2";
      await admin.query(text, [id, someone.userId, membership]);
      await admin.query("update identity.users set status = $2 where id = $1", [someone.userId, account]);
      const { rights } = await momentOf(house);
      for (const person of [...house.people, someone]) {
        const isShut = person === someone && (membership !== "active" || account !== "active");
        for (const permission of PERMISSIONS)
          await assertExplained(house, person, permission, rights[person.userId]?.held[permission], isShut);
      }
    });
    await fc.assert(property, { numRuns: 2 });
  });
}

async function assertExplained(
  house: House,
  person: Person,
  permission: Permission,
  held: string | undefined,
  isShut: boolean,
): Promise<void> {
  const path = `/permissions/explain?member=${person.userId}&permission=${permission}`;
  type Explanation = { allowed: boolean; scope: string | null; because: { kind: string }[] };
  const { allowed, scope, because } = await house.get<Explanation>(house.tenant.owner, "GET", path);
  assert.deepEqual([allowed, scope], isShut || !held ? [false, null] : [true, held]);
  assertReasons(new Set(because.map(({ kind }) => kind)), held !== undefined, isShut);
  assert.equal(await enters(house, person, permission, scope), allowed);
}

/** A denial wins over roles and grants; without one of these there is nothing to deny. */
function assertReasons(kinds: Set<string>, isHeld: boolean, isShut: boolean): void {
  assert.equal(kinds.has("status"), isShut);
  const isGiven = kinds.has("role") || kinds.has("grant");
  assert.equal(isGiven && !kinds.has("denial"), isHeld);
}

async function enters(house: House, person: Person, permission: Permission, scope: string | null): Promise<boolean> {
  const role = DATABASE_ROLES[scope ?? "organization"] ?? "member";
  const context = contextOf(http.database, house.tenant, { person, permission, role });
  return queryText(context, { text: "select 'in'" }).then(
    (answer) => answer === "in",
    () => false,
  );
}
