import { anyoneRoute, memberRoute } from "../../kernel/http/route.ts";
import { answerCallback } from "./webhooks/callbacks.ts";
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  readEndpoint,
  rotateSecret,
} from "./webhooks/endpoints.ts";
import * as contract from "./webhooks-contract.ts";

/** Webhook endpoints, and the callbacks of the programs behind them. */
export const webhookRoutes = [
  memberRoute(contract.listWebhookEndpoints, (context) => listEndpoints(context)),
  memberRoute(contract.createWebhookEndpoint, (context, { body }) => createEndpoint(context, body)),
  memberRoute(contract.readWebhookEndpoint, (context, { params }) => readEndpoint(context, params)),
  memberRoute(contract.changeWebhookEndpoint, (context, { params, body }) =>
    changeEndpoint(context, { ...params, ...body }),
  ),
  memberRoute(contract.rotateWebhookSecret, (context, { params, body }) =>
    rotateSecret(context, { ...params, ...body }),
  ),
  memberRoute(contract.deleteWebhookEndpoint, (context, { params }) => deleteEndpoint(context, params)),
  anyoneRoute(contract.answerCallback, (call, { params, body }) => answerCallback(call, { ...params, ...body })),
];
