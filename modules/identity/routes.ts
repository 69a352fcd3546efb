import { Problem } from "../../kernel/errors.ts";
import { anyoneRoute, personRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { signIn, signOut } from "./sessions.ts";

export const routes = [
  anyoneRoute(contract.signIn, async ({ database, request, setSession }, { body }) => {
    const credential = await signIn(database, { ...body, ...request });
    if (!credential) throw new Problem("unauthenticated", { detail: "The address or the password is not right." });
    setSession(credential);
    return undefined;
  }),
  personRoute(contract.signOut, async ({ database, credential, setSession }) => {
    setSession(undefined);
    if (!(await signOut(database, credential))) throw new Problem("unauthenticated", { hint: "Sign in again." });
    return undefined;
  }),
];
