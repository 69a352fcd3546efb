import type { Context } from "../../kernel/tenancy/context.ts";

/** The id and the secret of the session in which a person asks; nulls for a program with an API key. */
export function sessionOf({ credential }: Context): [sessionId: string | null, secret: string | null] {
  return credential.kind === "session" ? [credential.sessionId, credential.secret] : [null, null];
}
