import assert from "node:assert/strict";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { addMember, adminOf, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import type { TestHttpServer } from "../../test/http/server.ts";

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
  // biome-ignore lint/suspicious/noExplicitAny: the answer is whatever the test looks for in it
  must(person: Person, method: Method, path: string, payload?: object): Promise<any>;
  /** Begins a session of somebody's, and gives the path below it. */
  begin(person: Person, session?: object): Promise<{ id: string; path: string; structuring: string }>;
};

export async function openStudio(http: TestHttpServer): Promise<Studio> {
  const tenant = await createTenant(http.database);
  const admin = await adminOf(http.database);
  const base = `/api/organizations/${tenant.slug}/studio`;
  const ask: Studio["ask"] = (person, method, path, more = {}) =>
    http.ask(person, { method, url: path.startsWith("/api") ? path : `${base}/${path}`, ...more } as InjectOptions);
  const must: Studio["must"] = async (person, method, path, payload) => {
    const { statusCode, body } = await ask(person, method, path, { ...(payload && { payload }) });
    assert.ok(statusCode === 200 || statusCode === 204, `${statusCode} ${body}`);
    return body === "" ? undefined : JSON.parse(body);
  };
  return {
    tenant,
    join: (role) => addMember(admin, http.database, tenant, role),
    ask,
    must,
    begin: async (person, session = { title: "Forty rooms" }) => {
      const { id } = await must(person, "POST", "open-sessions", session);
      return { id, path: `sessions/${id}`, structuring: `sessions/${id}/documents/structuring` };
    },
  };
}
