import assert from "node:assert/strict";
import type pg from "pg";
import { addMember, createTenant, type Person, type Tenant } from "../harness.ts";
import type { Ids } from "./requests.ts";
import type { TestHttpServer } from "./server.ts";

/** An organization with a project, a text that a labeler holds, and a label that waits for its review. */
export type World = { tenant: Tenant; labeler: Person; ids: Ids };

/** Makes such an organization by the requests that people make. */
export async function makeWorld({ database, ask }: TestHttpServer, admin: pg.Client): Promise<World> {
  const tenant = await createTenant(database);
  const labeler = await addMember(admin, database, tenant, "labeler");
  const base = `/api/organizations/${tenant.slug}/labeling`;
  const post = async (person: Person, url: string, payload?: object) => {
    const answer = await ask(person, { method: "POST", url: `${base}${url}`, ...(payload && { payload }) });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const labels = [{ name: "good", key: "1" }, { name: "bad" }];
  const { id: project } = await post(tenant.owner, "/projects", { name: "World", labels });
  const texts = { headers: { "content-type": "text/csv" }, payload: "text\none\ntwo\nthree\n" };
  const url = `${base}/projects/${project}/imports?format=csv`;
  assert.equal((await ask(tenant.owner, { method: "POST", url, ...texts })).json().imported, 3);
  const { assignment } = await post(labeler, `/projects/${project}/next`);
  const { next } = await post(labeler, `/assignments/${assignment.id}/label`, { label: "good" });
  const reviews = await ask(tenant.owner, { url: `${base}/projects/${project}/reviews` });
  const [label] = reviews.json().items;
  const placed = await ask(tenant.owner, {
    method: "POST",
    url: `/api/organizations/${tenant.slug}/audit/holds`,
    payload: { reason: "A case" },
  });
  const { id: hold } = placed.json();
  return { tenant, labeler, ids: { organization: tenant.slug, project, assignment: next.id, label: label.id, hold } };
}
