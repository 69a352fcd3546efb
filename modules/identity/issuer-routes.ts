import { anyoneRoute, personRoute } from "../../kernel/http/route.ts";
import { listIdentities, unlinkIdentity } from "./identities.ts";
import { listProviders } from "./issuers.ts";
import * as contract from "./issuers-contract.ts";
import { finishProvider, startProvider } from "./openid.ts";

/** Signing in with other issuers, and who one is there. */
export const issuerRoutes = [
  anyoneRoute(contract.listProviders, (call) => listProviders(call)),
  anyoneRoute(contract.startProvider, (call, { params, query }) => startProvider(call, params.provider, query)),
  anyoneRoute(contract.finishProvider, (call, { params, query }) => finishProvider(call, params.provider, query)),
  personRoute(contract.listIdentities, (call) => listIdentities(call)),
  personRoute(contract.unlinkIdentity, async (call, { params }) => {
    await unlinkIdentity(call, params.identity);
    return undefined;
  }),
];
