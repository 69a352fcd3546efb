import assert from "node:assert/strict";
import { callOutside, transaction } from "../../../kernel/tenancy/transaction.ts";
import { addMember, adminOf, contextOf, type Person, type Tenant } from "../../../test/harness.ts";
import { openTestServer } from "../../../test/http/server.ts";

export const http = await openTestServer();
export const { database } = http;
export const admin = await adminOf(database);

/** A new member with one of the built-in roles. */
export const hire = (tenant: Tenant, role: string): Promise<Person> => addMember(admin, database, tenant, role);

export async function roleOf(tenant: Tenant, name: string): Promise<string> {
  const { rows } = await admin.query("select id from organizations.roles where organization_id = $1 and name = $2", [
    tenant.id,
    name,
  ]);
  return rows[0]?.id ?? assert.fail();
}

/** Asks about approvals by HTTP. */
export async function ask(tenant: Tenant, person: Person, path: string, payload?: object) {
  const url = `/api/organizations/${tenant.slug}/approvals${path}`;
  const { statusCode, body } = await http.ask(person, { url, ...(payload && { method: "POST", payload }) });
  return { status: statusCode, body: body === "" ? undefined : JSON.parse(body) };
}

/** Makes tasks as the owner does; each wish is one of `tasks.ask`. */
export async function makeTasks(tenant: Tenant, ...wishes: object[]): Promise<string[]> {
  const context = contextOf(database, tenant, { permission: "tasks.task.write" });
  const plain = { type: "example.work", name: "Pack the parcel", input: { parcel: 7 } };
  const asked = JSON.stringify(wishes.map((wish) => ({ ...plain, ...wish })));
  const [row] = await transaction(context, (tx) =>
    tx.query<{ made: { id: string }[] }>("select tasks.ask($1) as made", [asked]),
  );
  return row?.made.map(({ id }) => id) ?? [];
}

/** Makes a person's task, and resolves with it and what waits for that person. */
export async function makeWork(tenant: Tenant, wish: object): Promise<{ task: string; approval: string }> {
  const [task = ""] = await makeTasks(tenant, { worker_type: "human", ...wish });
  return { task, approval: await approvalOfTask(tenant, task) };
}

export async function approvalOfTask(tenant: Tenant, task: string): Promise<string> {
  const { rows } = await admin.query(
    "select id from tasks.approvals where organization_id = $1 and task_id = $2 order by id desc limit 1",
    [tenant.id, task],
  );
  return rows[0]?.id ?? assert.fail("Nobody was asked.");
}

export async function taskOf(tenant: Tenant, task: string) {
  const { rows } = await admin.query(
    "select status, output, error_details, assigned_to, context, attempts from tasks.tasks where organization_id = $1 and id = $2",
    [tenant.id, task],
  );
  return rows[0];
}

export async function rowOf(tenant: Tenant, approval: string) {
  const { rows } = await admin.query(
    "select status, assigned_to, role_id, escalation_level, decided_by, next_at from tasks.approvals where organization_id = $1 and id = $2",
    [tenant.id, approval],
  );
  return rows[0];
}

/** Lets time go by for one approval. */
export async function letPass(tenant: Tenant, approval: string, minutes: number): Promise<void> {
  const values = [tenant.id, approval, minutes];
  await admin.query(
    "update tasks.approval_steps set at = at - make_interval(mins => $3) where organization_id = $1 and approval_id = $2",
    values,
  );
  await admin.query(
    `update tasks.approvals set due_at = due_at - make_interval(mins => $3), opened_at = opened_at - make_interval(mins => $3),
       next_at = next_at - make_interval(mins => $3) where organization_id = $1 and id = $2`,
    values,
  );
}

/** Does all that is due. */
export async function sweep(): Promise<void> {
  const once = () => callOutside<{ moved: number }>(database, "dispatcher", "select tasks.sweep_people(100) as moved");
  while (((await once())[0]?.moved ?? 0) > 0);
}

/** The mails that went to somebody, by template. */
export async function mailsTo({ email }: Person): Promise<string[]> {
  const { rows } = await admin.query(
    "select template from kernel.mails where recipient = $1 and template like 'approval_%' order by id",
    [email],
  );
  return rows.map(({ template }) => template);
}
