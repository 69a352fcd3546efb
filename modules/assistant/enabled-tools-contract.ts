import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

// What the pages use of the noun's own endpoints.

const TOOLS = "/api/organizations/:organization/assistant/enabled-tools";
const InOrganization = z.object({ organization: z.string() });

export const enableTool = endpoint({
  name: "assistant.enabled_tool.create",
  summary: "Let models use a tool",
  method: "POST",
  path: TOOLS,
  access: "assistant.conversation.manage",
  params: InOrganization,
  body: z.object({ tool: z.string(), needs_approval: z.boolean() }),
  answer: z.object({ tool: z.string() }),
});

export const disableTool = endpoint({
  name: "assistant.enabled_tool.delete",
  summary: "Let models use a tool no more",
  method: "DELETE",
  path: `${TOOLS}/:tool`,
  access: "assistant.conversation.manage",
  params: InOrganization.extend({ tool: z.string() }),
});
