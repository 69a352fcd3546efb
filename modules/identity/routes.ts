import { Problem } from "../../kernel/errors.ts";
import { anyoneRoute, personRoute } from "../../kernel/http/route.ts";
import { accountRoutes } from "./account-routes.ts";
import * as contract from "./contract.ts";
import { factorRoutes } from "./factor-routes.ts";
import { issuerRoutes } from "./issuer-routes.ts";
import { signIn, signOut } from "./sessions.ts";
import { tokenRoutes } from "./token-routes.ts";

export const routes = [
  anyoneRoute(contract.signIn, async (call, { body }) => {
    const opening = await signIn(call, body);
    if (!opening)
      throw new Problem("unauthenticated", {
        detail: "The address or the password is not right.",
        hint: "After several failures an account waits a while; its owner gets a mail that says how to go on at once.",
      });
    if ("pending" in opening) return { pending: opening.pending };
    call.setSession(opening.credential);
    return { pending: null };
  }),
  personRoute(contract.signOut, async (call) => {
    call.setSession(undefined);
    if (!(await signOut(call))) throw new Problem("unauthenticated", { hint: "Sign in again." });
    return undefined;
  }),
  ...tokenRoutes,
  ...factorRoutes,
  ...issuerRoutes,
  ...accountRoutes,
];
