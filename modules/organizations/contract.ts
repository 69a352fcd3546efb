import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

/** The signed-in person and the organizations they belong to. `roles` are names. */
export const Me = z.object({
  user_id: z.uuid(),
  email: z.string(),
  name: z.string(),
  organizations: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      slug: z.string(),
      roles: z.array(z.string()),
      permissions: z.array(z.string()),
    }),
  ),
});
export type Me = z.infer<typeof Me>;

export const readMe = endpoint({
  name: "organizations.me.read",
  summary: "Who is signed in, and where they belong",
  method: "GET",
  path: "/api/me",
  access: "person",
  answer: Me,
});
