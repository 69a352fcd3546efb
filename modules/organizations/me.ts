import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { PersonCaller } from "../../kernel/tenancy/gate.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";

/** Who is signed in, and the organizations they may enter with the roles and permissions they have there. */
export async function readMe({ database, credential }: PersonCaller): Promise<JsonText> {
  const { userId, sessionId, secret } = credential;
  const [row] = await callOutside<{ me: string | null }>(
    database,
    "gate",
    "select organizations.me($1, $2, $3)::text as me",
    [userId, sessionId, secret],
  );
  if (!row?.me) throw new Problem("unauthenticated", { hint: "Sign in again." });
  return { json: row.me };
}
