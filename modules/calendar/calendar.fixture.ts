import { addMember, adminOf, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import type { TestHttpServer } from "../../test/http/server.ts";

/** Monday. */
export const DAY = "2027-03-01";

export type Calendar = {
  tenant: Tenant;
  /** Whose time is booked. */
  member: Person;
  ask(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    payload?: object,
    person?: Person,
  ): ReturnType<TestHttpServer["ask"]>;
  /** Books the member from one hour (UTC) of the day to another. */
  book(from: string, to: string, more?: object): ReturnType<TestHttpServer["ask"]>;
};

/** An organization with somebody whose time can be booked; all is done by the owner unless told otherwise. */
export async function openCalendar(http: TestHttpServer): Promise<Calendar> {
  const tenant = await createTenant(http.database);
  const member = await addMember(await adminOf(http.database), http.database, tenant, "member");
  const ask: Calendar["ask"] = (method, path, payload, person = tenant.owner) =>
    http.ask(person, {
      method,
      url: `/api/organizations/${tenant.slug}/calendar/${path}`,
      ...(payload && { payload }),
    });
  const book: Calendar["book"] = (from, to, more) =>
    ask("POST", "appointments", { title: "Talk", assigned_to: member.userId, ...timeOf(from, to), ...more });
  return { tenant, member, ask, book };
}

export function timeOf(from: string, to: string): { start_time: string; end_time: string } {
  return { start_time: `${DAY}T${from}:00Z`, end_time: `${DAY}T${to}:00Z` };
}
