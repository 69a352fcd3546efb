import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

export const signIn = endpoint({
  name: "identity.session.open",
  summary: "Sign in with a password; the browser gets a cookie",
  method: "POST",
  path: "/api/session",
  access: "anyone",
  body: z.object({ email: z.string().min(3).max(254), password: z.string().min(1).max(1024) }),
});

export const signOut = endpoint({
  name: "identity.session.end",
  summary: "Sign out",
  method: "DELETE",
  path: "/api/session",
  access: "person",
});
