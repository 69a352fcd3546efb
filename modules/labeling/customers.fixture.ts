import type { LightMyRequestResponse } from "fastify";
import type pg from "pg";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { addMember, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { answered, type TestHttpServer } from "../../test/http/server.ts";
import type { claimNext, nextReview, submitLabel } from "./contract.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Made = { id: string };

/** An organization that labels for a customer, and how its people ask. */
export type Agency = {
  tenant: Tenant;
  labeler: Person;
  reviewer: Person;
  /** The customer's person, who signs in. */
  client: Person;
  customer: string;
  project: string;
  ask(person: Person, method: Method, path: string, payload?: object): Promise<LightMyRequestResponse>;
  /** Asks, and gives what was answered to a request that must succeed. */
  must<Answer = unknown>(person: Person, method: Method, path: string, payload?: object): Promise<Answer>;
  /** Makes a customer with a person who signs in. */
  addCustomer(name: string): Promise<{ customer: string; client: Person }>;
  /** Makes a project with these texts, for a customer who pays that price for a label. */
  addProject(
    name: string,
    texts: string[],
    terms: { customer_id: string | null; label_price: number | null },
  ): Promise<string>;
  /** Has the labeler label the next texts of a project, and resolves with the ids of the labels that wait for a review. */
  label(project: string, count: number): Promise<string[]>;
  approve(label: string): Promise<LightMyRequestResponse>;
};

/** Makes such an organization, with a project of three texts at 12 cents a label. */
export async function openAgency(http: TestHttpServer, admin: pg.Client): Promise<Agency> {
  const tenant = await createTenant(http.database);
  const hire = (role: string) => addMember(admin, http.database, tenant, role);
  const [labeler, reviewer] = [await hire("labeler"), await hire("reviewer")];
  const url = (path: string) => `/api/organizations/${tenant.slug}/${path}`;
  const ask: Agency["ask"] = (person, method, path, payload) =>
    http.ask(person, { method, url: url(path), ...(payload && { payload }) });
  const must: Agency["must"] = (person, method, path, payload) =>
    answered(ask(person, method, path, payload), [200, 201, 204]);
  const approve: Agency["approve"] = (label) =>
    ask(reviewer, "POST", `labeling/labels/${label}/reviews`, { decision: "approved" });

  const addCustomer: Agency["addCustomer"] = async (name) => {
    const client = await hire("client");
    const { id: customer } = await must<Made>(tenant.owner, "POST", "crm/customers", { name });
    const { id: contact } = await must<Made>(tenant.owner, "POST", "crm/contacts", {
      customer_id: customer,
      name: `${name}'s`,
    });
    await must(tenant.owner, "PUT", `crm/contacts/${contact}/member`, { user_id: client.userId });
    return { customer, client };
  };
  const addProject: Agency["addProject"] = async (name, texts, terms) => {
    const labels = [{ name: "good" }, { name: "bad" }];
    const { id } = await must<Made>(tenant.owner, "POST", "labeling/projects", { name, labels });
    await http.ask(tenant.owner, {
      method: "POST",
      url: url(`labeling/projects/${id}/imports?format=csv`),
      headers: { "content-type": "text/csv" },
      payload: ["text", ...texts].join("\n"),
    });
    await must(tenant.owner, "PUT", `labeling/projects/${id}/terms`, terms);
    return id;
  };
  const label: Agency["label"] = async (project, count) => {
    const first = `labeling/projects/${project}/next`;
    let { assignment } = await must<AnswerOf<typeof claimNext>>(labeler, "POST", first);
    for (let done = 0; assignment && done < count; done++) {
      const path = `labeling/assignments/${assignment.id}/label`;
      ({ next: assignment } = await must<AnswerOf<typeof submitLabel>>(labeler, "POST", path, { label: "good" }));
    }
    const waiting = `labeling/projects/${project}/reviews`;
    const { items } = await must<AnswerOf<typeof nextReview>>(reviewer, "GET", waiting);
    return items.map(({ id }) => id);
  };

  const { customer, client } = await addCustomer("Ada");
  const project = await addProject("Moods", ["one", "two", "three"], { customer_id: customer, label_price: 12 });
  return { tenant, labeler, reviewer, client, customer, project, ask, must, addCustomer, addProject, label, approve };
}
