import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { addMember, adminOf, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { localServices, openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import type { Message, OpenConversation, Protocol } from "./contract.ts";
import { openProvider, type Scripted, type TestProvider } from "./providers.fixture.ts";

export const KEY = "sk-test-0123456789";
const TOOLS = ["search_customers", "search_projects", "search_tasks"];
/** Prices of a million tokens: a token read costs one micro-credit, and one written ten. */
const [INPUT_PRICE, OUTPUT_PRICE] = [1_000_000, 10_000_000];
export const OUTPUT_TOKENS = 1_000;

/** A server whose requests to providers may go to this machine. */
export async function openAssistantServer(): Promise<TestHttpServer> {
  return openTestServer([], { services: localServices() });
}

/** What came of something that was said. */
export type Said = { statusCode: number; text: string; reply: Message; problem: { code?: string; hint?: string } };

/** An organization that has connected a provider, and a member who talks with its model. */
export type Talk = {
  tenant: Tenant;
  member: Person;
  provider: TestProvider;
  model: string;
  conversation: string;
  /** Says something, and waits for the reply. */
  say(content?: string, who?: Person): Promise<Said>;
  send(path: string, method: "GET" | "POST" | "PATCH", payload?: object, who?: Person): Promise<LightMyRequestResponse>;
  read(): Promise<OpenConversation>;
  /** What is on the account, set aside and used, in micro-credits and tokens. */
  books(): Promise<{ posted: number; held: number; tokens: number; calls: number }>;
};

export async function openTalk(
  http: TestHttpServer,
  script: readonly Scripted[],
  { protocol = "openai_compatible", tools = TOOLS }: { protocol?: Protocol; tools?: string[] } = {},
): Promise<Talk> {
  const admin = await adminOf(http.database);
  const tenant = await createTenant(http.database);
  const member = await addMember(admin, http.database, tenant, "member");
  const provider = await openProvider(protocol, script);
  const base = `/api/organizations/${tenant.slug}/assistant`;
  const model = await connectModel(http, tenant, { protocol, base_url: provider.baseUrl });
  for (const tool of tools) {
    const url = `${base}/enabled-tools`;
    const enabled = await http.ask(tenant.owner, { method: "POST", url, payload: { tool, needs_approval: false } });
    assert.equal(enabled.statusCode, 201, enabled.body);
  }
  const send: Talk["send"] = (path, method, body, who = member) =>
    http.ask(who, { method, url: `${base}/own-conversations${path}`, ...(body && { payload: body }) });
  const opened = await send("", "POST", { model });
  const conversation = opened.json().id as string;
  return {
    tenant,
    member,
    provider,
    model,
    conversation,
    send,
    say: async (content, who) => {
      const answer = await send(`/${conversation}/messages`, "POST", content === undefined ? {} : { content }, who);
      return saidIn(answer);
    },
    read: async () => (await send(`/${conversation}`, "GET")).json(),
    books: async () => {
      const { rows } = await admin.query(
        `select b.posted::float8 as posted, b.held::float8 as held, coalesce(sum(e.amount), 0)::float8 as tokens, count(e.id)::integer as calls
         from credits.balances b left join credits.usage_events e on e.organization_id = b.organization_id and e.event_type = 'ai_call'
         where b.organization_id = $1 group by b.posted, b.held`,
        [tenant.id],
      );
      return rows[0];
    },
  };
}

/** Lists a model, of a provider of its own, and connects an organization with it; resolves with the model's name. */
export async function connectModel(
  http: Pick<TestHttpServer, "ask" | "database">,
  { slug, owner }: Tenant,
  { protocol = "openai_compatible", base_url }: { protocol?: Protocol; base_url: string },
): Promise<string> {
  const name = `p-${randomUUID()}`;
  const model = `m-${randomUUID()}`;
  const admin = await adminOf(http.database);
  await admin.query(
    `insert into assistant.models (name, provider, called, label, input_price, output_price, context_tokens, output_tokens)
     values ($1, $2, 'test-model', 'Test model', $3, $4, 100000, $5)`,
    [model, name, INPUT_PRICE, OUTPUT_PRICE, OUTPUT_TOKENS],
  );
  const url = `/api/organizations/${slug}/assistant/providers`;
  const payload = { name, protocol, base_url, key: KEY };
  const connected = await http.ask(owner, { method: "POST", url, payload });
  assert.equal(connected.statusCode, 204, connected.body);
  return model;
}

/** The reply in a stream of events, and the text as it came. */
function saidIn({ statusCode, body }: Pick<LightMyRequestResponse, "statusCode" | "body">): Said {
  const none = {} as Message;
  if (statusCode !== 200) return { statusCode, text: "", reply: none, problem: JSON.parse(body) };
  const datas = [...body.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, data = "{}"]) => ({
    event,
    ...JSON.parse(data),
  }));
  const text = datas.map((data) => data.text ?? "").join("");
  return { statusCode, text, reply: datas.find(({ event }) => event === "ended")?.reply ?? none, problem: {} };
}
