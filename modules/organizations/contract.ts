import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

/** The signed-in person and the organizations they belong to. `roles` are names. */
export const Me = z.object({
  user_id: z.uuid(),
  email: z.string(),
  name: z.string(),
  avatar_url: z.string().nullable(),
  timezone: z.string(),
  locale: z.string(),
  preferences: z.record(z.string(), z.unknown()),
  /** Whether this session was opened with more than a password. */
  second_factor: z.boolean(),
  /** The supporter who acts in the person's place, if one does. */
  impersonator_id: z.uuid().nullable(),
  organizations: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      slug: z.string(),
      second_factor_required: z.boolean(),
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
