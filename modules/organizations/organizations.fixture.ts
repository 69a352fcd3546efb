import type { LightMyRequestResponse } from "fastify";
import type pg from "pg";
import { addMember, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { answered, type TestHttpServer } from "../../test/http/server.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** An organization of its own for a test, and the requests that its people make. */
export type House = {
  tenant: Tenant;
  /** Sends a request to an address below the organization's. */
  ask(person: Person, method: Method, path: string, payload?: object): Promise<LightMyRequestResponse>;
  /** The same; resolves with the answer's JSON and fails unless the status is 200 or 204. */
  get<T>(person: Person, method: Method, path: string, payload?: object): Promise<T>;
  /** Makes a person a member with the named roles. */
  join(...roles: string[]): Promise<Person>;
  /** The ids of the roles by their names. */
  roleIds(): Promise<Record<string, string>>;
};

export async function openHouse(http: TestHttpServer, admin: pg.Client): Promise<House> {
  const tenant = await createTenant(http.database);
  const ask: House["ask"] = (person, method, path, payload) =>
    http.ask(person, { method, url: `/api/organizations/${tenant.slug}${path}`, ...(payload && { payload }) });
  return {
    tenant,
    ask,
    get: (person, method, path, payload) => answered(ask(person, method, path, payload)),
    join: (...roles) => addMember(admin, http.database, tenant, ...roles),
    roleIds: async () => {
      const text = "select name, id from organizations.roles where organization_id = $1";
      const { rows } = await admin.query<{ name: string; id: string }>(text, [tenant.id]);
      return Object.fromEntries(rows.map(({ name, id }) => [name, id]));
    },
  };
}

/** Makes a person's sessions ones that were opened so long ago, or with a second factor. */
export async function setSession(admin: pg.Client, { userId }: Person, set: string): Promise<void> {
  await admin.query(`update identity.user_sessions set ${set} where user_id = $1`, [userId]);
}
