import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

export const signIn = endpoint({
  name: "identity.session.open",
  summary: "Sign in with a password; the browser gets a cookie",
  method: "POST",
  path: "/api/session",
  access: "anyone",
  limit: "sign_in",
  body: z.object({ email: z.string().min(3).max(254), password: z.string().min(1).max(1024) }),
  /** `pending` is the token for the second factor, where one is still wanted; null means signed in. */
  answer: z.object({ pending: z.string().nullable() }),
});

export const signOut = endpoint({
  name: "identity.session.end",
  summary: "Sign out",
  method: "DELETE",
  path: "/api/session",
  access: "person",
});
