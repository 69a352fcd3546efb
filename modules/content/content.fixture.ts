import assert from "node:assert/strict";
import { addMember, adminOf, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import type { TestHttpServer } from "../../test/http/server.ts";

/** What content is answered as. */
export type Item = { id: string; status: string; version: number; content: string };

/** An organization with somebody who writes and somebody who publishes, and what they do there. */
export type Desk = {
  tenant: Tenant;
  writer: Person;
  publisher: Person;
  /** Writes a new piece of content. */
  write(words?: object): Promise<Item>;
  /** Changes it; answers the status code and the row. */
  edit(who: Person, item: string, words: object, ifMatch?: number): Promise<{ statusCode: number; row: Item }>;
  /** Takes it a step on, such as `submission`; answers the status code and what it is then, or the problem. */
  take(who: Person, item: string, step: string, body?: object): Promise<Taken>;
  /** Sends it to review and publishes it. */
  publish(item: string): Promise<void>;
};
export type Taken = { statusCode: number; status?: string; code?: string; detail?: string; hint?: string };

const WORDS = {
  content_type: "blog_post",
  name: "Oak",
  title: "Why we oil our oak",
  slug: "oak",
  content: "# Oak\n\nOil lets the wood *breathe*.",
  excerpt: "How often, and with what.",
  seo_meta: { title: "Oiling oak", description: "How to oil oak", lang: "en-GB" },
};

export async function openDesk(http: TestHttpServer): Promise<Desk> {
  const { database, ask } = http;
  const tenant = await createTenant(database);
  const admin = await adminOf(database);
  const writer = await addMember(admin, database, tenant, "member");
  const publisher = await addMember(admin, database, tenant, "moderator");
  const items = `/api/organizations/${tenant.slug}/content/items`;
  const take: Desk["take"] = async (who, item, step, body) => {
    const [verb, ...method] = step.split(" ").reverse();
    const url = `${items}/${item}/${verb}`;
    const answer = await ask(who, {
      method: method[0] === "DELETE" ? "DELETE" : "POST",
      url,
      ...(body && { payload: body }),
    });
    return { statusCode: answer.statusCode, ...answer.json() };
  };
  return {
    tenant,
    writer,
    publisher,
    write: async (words = {}) => {
      const answer = await ask(writer, { method: "POST", url: items, payload: { ...WORDS, ...words } });
      assert.equal(answer.statusCode, 201, answer.body);
      return answer.json();
    },
    edit: async (who, item, payload, ifMatch) => {
      const headers = ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` };
      const answer = await ask(who, { method: "PATCH", url: `${items}/${item}`, payload, headers });
      return { statusCode: answer.statusCode, row: answer.json() };
    },
    take,
    publish: async (item) => {
      assert.equal((await take(writer, item, "submission")).statusCode, 200);
      assert.equal((await take(publisher, item, "publication")).statusCode, 200);
    },
  };
}
