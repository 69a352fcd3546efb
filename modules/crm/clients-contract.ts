import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

export const setContactMember = endpoint({
  name: "crm.contact.set_member",
  summary: "Say which member a contact is: with the role of a client, that member sees what is the customer's",
  method: "PUT",
  path: "/api/organizations/:organization/crm/contacts/:contact/member",
  access: "member.manage",
  params: z.object({ organization: z.string(), contact: z.uuid() }),
  body: z.object({ user_id: z.uuid().nullable() }),
  example: { body: { user_id: ":member" } },
});
