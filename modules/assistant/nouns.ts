import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({ table: "assistant.conversations", name: "assistant.conversation", read: "assistant.conversation.manage" }),
  noun({
    table: "assistant.conversation_people",
    name: "assistant.conversation_person",
    read: "assistant.conversation.manage",
  }),
  noun({ table: "assistant.messages", name: "assistant.message", read: "assistant.conversation.manage" }),
  noun({ table: "assistant.tool_calls", name: "assistant.tool_call", read: "assistant.conversation.manage" }),
  noun({
    table: "assistant.enabled_tools",
    name: "assistant.enabled_tool",
    read: "assistant.conversation.manage",
    write: "assistant.conversation.manage",
    creatable: ["tool"],
    writable: ["configuration", "needs_approval"],
  }),
];
