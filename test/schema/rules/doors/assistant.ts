import type { Doors } from "./doors.ts";

const MANAGE = "Checks assistant.conversation.manage once more; it never gives a provider's key.";
const OWN = "Works on conversations of the member who entered, and no others.";
const WRITING =
  "Tells of a reply that a member's request began, by its id, for as long as it is being written: it goes on when the member has gone.";

export const ASSISTANT_DOORS: Doors = {
  ...Object.fromEntries(
    ["connect_provider(text,text,text,bytea)", "disconnect_provider(text)", "list_providers()", "list_tools()"].map(
      (name) => [`assistant.${name} to tenon_member`, MANAGE],
    ),
  ),
  ...Object.fromEntries(
    [
      "begin_reply(uuid,text,text,bigint,timestamp with time zone)",
      "change_conversation(uuid,text,boolean)",
      "list_conversations(boolean,uuid,integer)",
      "list_models()",
      "open_conversation(text,text)",
      "read_conversation(uuid,bigint)",
      "stop_reply(uuid)",
    ].flatMap((name) => ["member", "own"].map((role) => [`assistant.${name} to tenon_${role}`, OWN])),
  ),
  ...Object.fromEntries(
    [
      "end_reply(uuid,uuid,text,text,text)",
      "hear_reply(uuid,uuid,timestamp with time zone)",
      "note_tool_call(uuid,uuid,text,jsonb,jsonb,text)",
      "reserve_step(uuid,uuid,bigint,timestamp with time zone)",
      "settle_step(uuid,uuid,bigint,bigint)",
    ].map((name) => [`assistant.${name} to tenon_dispatcher`, WRITING]),
  ),
  ...Object.fromEntries(
    ["member", "own"].map((role) => [
      `assistant.choose_model(text,bigint,bigint) to tenon_${role}`,
      "Tells the price of one of the organization's models, and nothing of its provider but the name.",
    ]),
  ),
  "assistant.end_lost_replies(interval,integer) to tenon_dispatcher":
    "Ends replies whose writer is gone, across organizations, and shows nothing of them.",
  "assistant.model_for_task(text) to tenon_worker":
    "Gives the sealed key of one provider, of the organization entered, to what asks its model; the table is closed to all.",
  "assistant.note_tokens(uuid,text,integer,bigint,bigint) to tenon_worker":
    "Writes down usage of the organization entered, at the price that the operator listed.",
  "assistant.provider_of_reply(uuid,uuid) to tenon_dispatcher":
    "Gives the provider of a reply that has begun, with its key as it is sealed.",
};
