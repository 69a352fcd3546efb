import { memberRoute, personRoute } from "../../kernel/http/route.ts";
import { changeKey, createKey, listKeys, readCurrentKey, revokeKey, rotateKey } from "./keys.ts";
import * as keys from "./keys-contract.ts";
import { createService, listServices, removeService } from "./services.ts";
import { allowSupport, listSupportGrants, openSupportVisit, revokeSupport } from "./support.ts";
import * as support from "./support-contract.ts";

/** API keys, services, and support's visits. */
export const keyRoutes = [
  memberRoute(keys.listKeys, (context, { query }) => listKeys(context, query)),
  memberRoute(keys.createKey, (context, { body }) => createKey(context, body)),
  memberRoute(keys.readCurrentKey, (context) => readCurrentKey(context)),
  memberRoute(keys.changeKey, (context, { params, body }) => changeKey(context, { ...params, ...body })),
  memberRoute(keys.rotateKey, (context, { params, body }) => rotateKey(context, { ...params, ...body })),
  memberRoute(keys.revokeKey, (context, { params }) => revokeKey(context, params)),
  memberRoute(keys.listServices, (context) => listServices(context)),
  memberRoute(keys.createService, (context, { body }) => createService(context, body)),
  memberRoute(keys.removeService, (context, { params }) => removeService(context, params)),

  memberRoute(support.listSupportGrants, (context) => listSupportGrants(context)),
  memberRoute(support.allowSupport, (context, { body }) => allowSupport(context, body)),
  memberRoute(support.revokeSupport, (context, { params }) => revokeSupport(context, params)),
  personRoute(support.openSupportVisit, (call, { body }) => openSupportVisit(call, body)),
];
