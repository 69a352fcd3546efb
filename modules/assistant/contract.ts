import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";

const ASSISTANT = "/api/organizations/:organization/assistant";
const PROVIDERS = `${ASSISTANT}/providers`;
const CONVERSATIONS = `${ASSISTANT}/own-conversations`;
const CONVERSATION = `${CONVERSATIONS}/:conversation`;

export const TITLE_LENGTH_MAX = 300;
export const MESSAGE_LENGTH_MAX = 100_000;
const KEY_LENGTH_MAX = 2_000;
const URL_LENGTH_MAX = 2_000;

const InOrganization = z.object({ organization: z.string() });
const OfProvider = InOrganization.extend({ provider: z.string() });
const OfConversation = InOrganization.extend({ conversation: z.uuid() });
const ProviderName = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, "Small letters, digits, dots, underscores and hyphens.");

/** How a provider is spoken to. */
export const Protocol = z.enum(["openai_compatible", "anthropic", "google"]);
export type Protocol = z.infer<typeof Protocol>;

/** Prices are of a million tokens, in micro-credits. */
const ListedModel = z.object({
  name: z.string(),
  label: z.string(),
  provider: z.string(),
  input_price: z.int(),
  output_price: z.int(),
});

/** Who runs models for the organization; `models` are those that the installation lists for it. */
const Provider = z.object({
  name: z.string(),
  protocol: Protocol,
  base_url: z.string(),
  has_key: z.boolean(),
  models: z.array(z.string()),
});
export type Provider = z.infer<typeof Provider>;

/** What a model did with a tool. */
const ToolCall = z.object({
  id: z.uuid(),
  tool: z.string(),
  input: z.unknown(),
  status: z.enum(["waiting", "approved", "refused", "running", "succeeded", "failed"]),
  error: z.string().nullable(),
});
export type ToolCall = z.infer<typeof ToolCall>;

const Message = z.object({
  id: z.uuid(),
  position: z.int(),
  author: z.enum(["user", "assistant", "system", "tool"]),
  content: z.string(),
  model: z.string().nullable(),
  status: z.enum(["streaming", "complete", "stopped", "failed"]),
  /** Why it was not said to the end. */
  error: z.string().nullable(),
  usage_tokens: z.int(),
  /** In micro-credits. */
  cost: z.int(),
  created_at: z.string(),
  tool_calls: z.array(ToolCall),
});
export type Message = z.infer<typeof Message>;

const Conversation = z.object({
  id: z.uuid(),
  title: z.string(),
  model: z.string().nullable(),
  is_archived: z.boolean(),
  created_at: z.string(),
});

export const listProviders = endpoint({
  name: "assistant.provider.list",
  summary: "Who runs models for the organization, and the models that the installation lists",
  method: "GET",
  path: PROVIDERS,
  access: "assistant.conversation.manage",
  params: InOrganization,
  answer: z.object({ items: z.array(Provider), models: z.array(ListedModel) }),
});

export const connectProvider = endpoint({
  name: "assistant.provider.connect",
  summary:
    "Connect a provider of models, or change how; its key is never shown again, and is forgotten where its address changes",
  method: "POST",
  path: PROVIDERS,
  access: "assistant.conversation.manage",
  params: InOrganization,
  body: z.object({
    /** As models name their provider; one of this name that is connected already is changed. */
    name: ProviderName,
    protocol: Protocol,
    /** Where it is asked; left out, the provider's own address. It must be on the public Internet, or where the operator allows. */
    base_url: z.string().trim().min(1).max(URL_LENGTH_MAX).optional(),
    key: z.string().trim().min(1).max(KEY_LENGTH_MAX).optional(),
  }),
  example: {
    body: { name: "example", protocol: "openai_compatible", base_url: "https://93.184.215.14/v1", key: "example" },
  },
});

export const disconnectProvider = endpoint({
  name: "assistant.provider.disconnect",
  summary: "Disconnect a provider, and forget its key",
  method: "DELETE",
  path: `${PROVIDERS}/:provider`,
  access: "assistant.conversation.manage",
  params: OfProvider,
});

export const browseTools = endpoint({
  name: "assistant.tool.browse",
  summary: "The tools that there are, and which of them models may use",
  method: "GET",
  path: `${ASSISTANT}/tools`,
  access: "assistant.conversation.manage",
  params: InOrganization,
  answer: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        required_tier: z.string().nullable(),
        is_enabled: z.boolean(),
        /** Where a person is to say yes before each use, models are not offered the tool. */
        needs_approval: z.boolean(),
      }),
    ),
  }),
});

export const listModels = endpoint({
  name: "assistant.model.list",
  summary: "The models that can be asked, and the tools that they may use",
  method: "GET",
  path: `${ASSISTANT}/models`,
  access: "assistant.conversation.write",
  params: InOrganization,
  answer: z.object({
    items: z.array(z.object({ name: z.string(), label: z.string(), provider: z.string() })),
    tools: z.array(z.string()),
  }),
});

export const listConversations = endpoint({
  name: "assistant.own_conversation.list",
  summary: "One's own conversations, newest first",
  method: "GET",
  path: CONVERSATIONS,
  access: "assistant.conversation.write",
  params: InOrganization,
  query: z.object({
    archived: z.stringbool().default(false),
    ...pageQuery(),
  }),
  answer: pageOf(Conversation),
});

export const openConversation = endpoint({
  name: "assistant.own_conversation.open",
  summary: "Begin a conversation",
  method: "POST",
  path: CONVERSATIONS,
  access: "assistant.conversation.write",
  params: InOrganization,
  body: z.object({
    title: z.string().trim().max(TITLE_LENGTH_MAX).default(""),
    model: z.string().max(100).optional(),
  }),
  answer: z.object({ id: z.uuid() }),
  example: { body: { title: "Example" } },
});

export const readConversation = endpoint({
  name: "assistant.own_conversation.read",
  summary: "A conversation of one's own, with its latest 50 messages, or those before a position",
  method: "GET",
  path: CONVERSATION,
  access: "assistant.conversation.write",
  params: OfConversation,
  query: z.object({ before: z.coerce.number().int().min(1).optional() }),
  answer: Conversation.extend({ messages: z.array(Message) }),
});
export type OpenConversation = z.infer<typeof readConversation.answer>;

export const changeConversation = endpoint({
  name: "assistant.own_conversation.change",
  summary: "Name a conversation, or put it away",
  method: "PATCH",
  path: CONVERSATION,
  access: "assistant.conversation.write",
  params: OfConversation,
  body: z
    .object({ title: z.string().trim().min(1).max(TITLE_LENGTH_MAX).optional(), is_archived: z.boolean().optional() })
    .refine((change) => Object.keys(change).length > 0, "Give a title or is_archived."),
  example: { body: { title: "Another name" } },
});

/** `begun` tells the messages that were made, `text` brings more of the reply, `tool` what the model did, `ended` the reply as it has become. */
export const ReplyEvent = z.object({
  question: Message.nullable().optional(),
  reply: Message.optional(),
  text: z.string().optional(),
  tool_call: ToolCall.optional(),
});
export type ReplyEvent = z.infer<typeof ReplyEvent>;

export const sendMessage = endpoint({
  name: "assistant.own_conversation.send",
  summary:
    "Say something, or without content have the last reply that failed or was stopped tried again; the reply comes as events, and is kept whoever listens",
  method: "POST",
  path: `${CONVERSATION}/messages`,
  access: "assistant.conversation.write",
  params: OfConversation,
  body: z.object({
    content: z.string().trim().min(1).max(MESSAGE_LENGTH_MAX).optional(),
    /** The model that answers, from now on; left out, the one that answered before. */
    model: z.string().max(100).optional(),
  }),
  answer: ReplyEvent,
  answerMedia: "events",
  example: { body: { content: "What is left to do?" } },
});

export const stopReply = endpoint({
  name: "assistant.own_conversation.stop",
  summary: "Stop the reply that is being written; what there is of it stays",
  method: "POST",
  path: `${CONVERSATION}/stop`,
  access: "assistant.conversation.write",
  params: OfConversation,
});
