import { anyoneRoute, memberRoute } from "../../kernel/http/route.ts";
import { answerCallback } from "./webhooks/callbacks.ts";
import { listDeliveries, readDelivery, sendAgain, sendTest } from "./webhooks/delivery-log.ts";
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  readEndpoint,
  rotateSecret,
} from "./webhooks/endpoints.ts";
import * as contract from "./webhooks-contract.ts";

/** Webhook endpoints, what they were told, and the callbacks of the programs behind them. */
export const webhookRoutes = [
  memberRoute(contract.listWebhookEndpoints, (context) => listEndpoints(context)),
  memberRoute(contract.createWebhookEndpoint, (context, { body }) => createEndpoint(context, body)),
  memberRoute(contract.readWebhookEndpoint, (context, { params }) => readEndpoint(context, params)),
  memberRoute(contract.testWebhook, (context, { params }) => sendTest(context, params)),
  memberRoute(contract.listDeliveries, (context, { params, query }) =>
    listDeliveries(context, { ...params, ...query }),
  ),
  memberRoute(contract.readDelivery, (context, { params }) => readDelivery(context, params)),
  memberRoute(contract.sendDeliveryAgain, (context, { params }) => sendAgain(context, params)),
  memberRoute(contract.changeWebhookEndpoint, (context, { params, body }) =>
    changeEndpoint(context, { ...params, ...body }),
  ),
  memberRoute(contract.rotateWebhookSecret, (context, { params, body }) =>
    rotateSecret(context, { ...params, ...body }),
  ),
  memberRoute(contract.deleteWebhookEndpoint, (context, { params }) => deleteEndpoint(context, params)),
  anyoneRoute(contract.answerCallback, (call, { params, body }) => answerCallback(call, { ...params, ...body })),
];
