import type { Row, Scene } from "./scene.ts";
import { CONVERSATIONS, TOOLS } from "./words/assistant.ts";

const MODEL = "northwind-writer";
const TOKENS_PER_CHARACTER = 0.25;
const COST_PER_TOKEN = 15;

/** Makes conversations about nothing in particular, a project, a customer and a card, with what the model did in them. */
export async function makeConversations(
  scene: Scene,
  about: { project?: string; customer?: string; task?: string },
): Promise<void> {
  const { insert, run, id, clock, people } = scene;
  // Models and tools belong to the whole installation: those of the demo are added once.
  await run(
    `insert into assistant.models (name, provider, called, label, input_price, output_price, context_tokens, is_active)
     select $2, 'demo', $2, 'Northwind Writer (demo)', 3000000, 15000000, 200000, false where $1::uuid is not null on conflict do nothing`,
    [MODEL],
  );
  await run(
    `insert into assistant.tools (name, description, tool_type, required_tier)
     select r.name, r.description, r.tool_type, r.required_tier from json_populate_recordset(null::assistant.tools, $2) r where $1::uuid is not null on conflict do nothing`,
    [JSON.stringify(TOOLS)],
  );
  await insert(
    "assistant.enabled_tools",
    TOOLS.map(({ name }, index) => ({ tool: name, needs_approval: index === 1, configuration: {} })),
  );
  const conversations = CONVERSATIONS.map((words, index) => {
    const created_at = clock.past(-6 + index, 0.5);
    const subject = { project_id: about.project, customer_id: about.customer, task_id: about.task };
    const kept = words.about === "general" ? undefined : (`${words.about}_id` as const);
    return {
      id: id(created_at),
      user_id: index === 1 ? people.admin : people.member,
      title: words.title,
      model: MODEL,
      project_id: kept === "project_id" ? subject.project_id : undefined,
      customer_id: kept === "customer_id" ? subject.customer_id : undefined,
      task_id: kept === "task_id" ? subject.task_id : undefined,
      is_shared: index === 1,
      is_archived: index === 3,
      created_at,
    };
  });
  await insert("assistant.conversations", conversations);
  const messages = conversations.flatMap((conversation, index) =>
    (CONVERSATIONS[index]?.lines ?? []).map((content, place) => messageOf(scene, conversation, content, place)),
  );
  await insert("assistant.messages", messages);
  await insert(
    "assistant.tool_calls",
    callsOf(
      scene,
      messages.filter(({ author }) => author === "assistant").map((message) => message.id),
    ),
  );
}

type Conversation = { id: string; user_id: string; created_at: Date };

function messageOf(
  { id }: Scene,
  { id: conversation_id, user_id, created_at }: Conversation,
  content: string,
  place: number,
) {
  const isModel = place % 2 === 1;
  const at = new Date(created_at.getTime() + place * 20_000);
  const tokens = isModel ? Math.ceil(content.length * TOKENS_PER_CHARACTER) + 400 : 0;
  return {
    id: id(at),
    conversation_id,
    position: place + 1,
    author: isModel ? "assistant" : "user",
    user_id: isModel ? undefined : user_id,
    content,
    model: isModel ? MODEL : undefined,
    usage_tokens: tokens,
    cost: tokens * COST_PER_TOKEN,
    created_at: at,
  };
}

function callsOf({ id, people }: Scene, messages: string[]): Row[] {
  const call = (message: number, tool: string, status: string, input: Row, output?: Row) => ({
    id: id(),
    message_id: messages[message],
    tool,
    input,
    output,
    status,
    approved_by: status === "waiting" ? undefined : people.member,
    error: status === "failed" ? "No orders in this time." : undefined,
  });
  return [
    call(3, "search_customers", "succeeded", { words: "hotel" }, { found: 1 }),
    call(2, "summarize_orders", "failed", { days: 1 }),
    call(0, "draft_content", "refused", { type: "email_campaign" }),
    call(1, "draft_content", "waiting", { type: "blog_post" }),
  ];
}
