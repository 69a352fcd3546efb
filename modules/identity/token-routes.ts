import { Problem } from "../../kernel/errors.ts";
import { anyoneRoute } from "../../kernel/http/route.ts";
import { newSession } from "./opening.ts";
import { issueTokens, refreshTokens, revokeTokens } from "./refreshing.ts";
import { beginWithPassword, openingOf } from "./sessions.ts";
import { publishedKeys } from "./signing-keys.ts";
import * as contract from "./tokens-contract.ts";

export const tokenRoutes = [
  anyoneRoute(contract.signInForTokens, async (call, { body }) => {
    const session = newSession("token");
    const begun = await beginWithPassword(call, body, session);
    if (!begun)
      throw new Problem("unauthenticated", {
        detail: "The address or the password is not right.",
        hint: "After several failures an account waits a while; its owner gets a mail that says how to go on at once.",
      });
    const opening = openingOf(begun, session.secret);
    if ("pending" in opening) return { pending: opening.pending };
    return issueTokens(call, opening.credential, session.refresh?.hash ?? session.secret.hash);
  }),
  anyoneRoute(contract.refreshTokens, async (call, { body }) => {
    const tokens = await refreshTokens(call, body.refresh_token);
    if (!tokens) throw new Problem("unauthenticated", { hint: "Sign in again." });
    return tokens;
  }),
  anyoneRoute(contract.revokeTokens, async (call, { body }) => {
    await revokeTokens(call, body.refresh_token);
    return undefined;
  }),
  anyoneRoute(contract.readKeys, async (call) => ({ keys: await publishedKeys(call) })),
];
