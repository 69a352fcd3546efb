import { memberRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import {
  changeConversation,
  listConversations,
  listModels,
  openConversation,
  readConversation,
  stopReply,
} from "./conversations.ts";
import { browseTools, connectProvider, disconnectProvider, listProviders } from "./providers.ts";
import { sendMessage } from "./replies.ts";

export const routes = [
  memberRoute(contract.listProviders, (context) => listProviders(context)),
  memberRoute(contract.connectProvider, (context, { body }) => connectProvider(context, body)),
  memberRoute(contract.disconnectProvider, (context, { params }) => disconnectProvider(context, params)),
  memberRoute(contract.browseTools, (context) => browseTools(context)),
  memberRoute(contract.listModels, (context) => listModels(context)),
  memberRoute(contract.listConversations, (context, { query }) => listConversations(context, query)),
  memberRoute(contract.openConversation, (context, { body }) => openConversation(context, body)),
  memberRoute(contract.readConversation, (context, { params, query }) =>
    readConversation(context, { ...params, ...query }),
  ),
  memberRoute(contract.changeConversation, (context, { params, body }) =>
    changeConversation(context, { ...params, ...body }),
  ),
  memberRoute(contract.sendMessage, (context, { params, body }) => sendMessage(context, { ...params, ...body })),
  memberRoute(contract.stopReply, (context, { params }) => stopReply(context, params)),
];
