import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { addMember, adminOf, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { answered, type TestHttpServer } from "../../test/http/server.ts";
import type { Session } from "./contract.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** An organization's studio, as people go through its doors. */
export type Studio = {
  tenant: Tenant;
  /** Somebody with a role. */
  join(role: string): Promise<Person>;
  ask(
    person: Person | undefined,
    method: Method,
    path: string,
    more?: { payload?: object; headers?: Record<string, string> },
  ): Promise<LightMyRequestResponse>;
  /** Asks, and gives what was answered to a request that must succeed. */
  must<Answer = unknown>(person: Person, method: Method, path: string, payload?: object): Promise<Answer>;
  /** Begins a session of somebody's, and gives the path below it. */
  begin(person: Person, session?: object): Promise<{ id: string; path: string; structuring: string }>;
};

export async function openStudio(http: TestHttpServer): Promise<Studio> {
  const tenant = await createTenant(http.database);
  const admin = await adminOf(http.database);
  const base = `/api/organizations/${tenant.slug}/studio`;
  const ask: Studio["ask"] = (person, method, path, more = {}) =>
    http.ask(person, { method, url: path.startsWith("/api") ? path : `${base}/${path}`, ...more } as InjectOptions);
  const must: Studio["must"] = (person, method, path, payload) =>
    answered(ask(person, method, path, { ...(payload && { payload }) }));
  return {
    tenant,
    join: (role) => addMember(admin, http.database, tenant, role),
    ask,
    must,
    begin: async (person, session = { title: "Forty rooms" }) => {
      const { id } = await must<Session>(person, "POST", "open-sessions", session);
      return { id, path: `sessions/${id}`, structuring: `sessions/${id}/documents/structuring` };
    },
  };
}
