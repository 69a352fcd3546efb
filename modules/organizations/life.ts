import { tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { sessionOf } from "./session.ts";

type Place = { organization: string };

/** Deletes the organization, for the grace period, and tells its owners. Throws `conflict` unless `confirm` is its slug. */
export async function deleteOrganization(context: Context, { confirm }: { confirm: string }): Promise<undefined> {
  const values = [confirm, ...sessionOf(context)];
  await tell(context, "select organizations.delete_organization($1, $2, $3)", values);
  context.services.wakeWorkers();
  return undefined;
}

/** Makes another active member an owner and the actor an admin. Throws `not_found` or `conflict`. */
export async function transferOwnership(context: Context, { member }: { member: string }): Promise<undefined> {
  const values = [member, ...sessionOf(context)];
  return tell(context, "select organizations.transfer_ownership($1, $2, $3)", values);
}

/** Brings a deleted organization back, by its slug or id. Throws `gone` when the grace period is over. */
export async function restoreOrganization(caller: PersonCaller, { organization }: Place): Promise<undefined> {
  await askGateAs(caller, "organizations.restore_organization", [organization]);
  return undefined;
}

/** Ends the person's own membership, by the organization's slug or id. Throws `conflict` for the last owner. */
export async function leaveOrganization(caller: PersonCaller, { organization }: Place): Promise<undefined> {
  await askGateAs(caller, "organizations.leave_organization", [organization]);
  return undefined;
}

/** Sets what the person wants to be told by an organization, by its slug or id. */
export async function updateMyMembership(
  caller: PersonCaller,
  { organization, notification_settings }: Place & { notification_settings: Record<string, unknown> },
): Promise<undefined> {
  const values = [organization, JSON.stringify(notification_settings)];
  await askGateAs(caller, "organizations.set_notification_settings", values);
  return undefined;
}
