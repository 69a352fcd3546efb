import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { EventStream } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { followRows } from "../audit/public.ts";
import type { followSession } from "./contract.ts";
import { readSession } from "./sessions.ts";

/** Tells that a session or a section of it changes, as long as it is open to the caller. Throws not_found. */
export async function followOpenSession(
  context: Context,
  { params, query, lastEventId }: InputOf<typeof followSession>,
): Promise<EventStream> {
  const { session } = params;
  const isOfSession = (id: string | null) => id === session || id?.startsWith(`${session}/`) === true;
  return followRows(
    context,
    { lastEventId, seconds: query.seconds },
    {
      askRights: () => readSession(context, { session }),
      isTold: ({ resource_type, resource_id }) =>
        ["studio.sessions", "studio.documents"].includes(resource_type) && isOfSession(resource_id),
      decides: ({ resource_type, resource_id }) =>
        resource_type.startsWith("organizations.") || (resource_type.startsWith("studio.") && isOfSession(resource_id)),
    },
  );
}
