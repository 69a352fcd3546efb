import { anyoneRoute, memberRoute, streamOf } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { takeHook } from "./hooks.ts";
import { connectStore, disconnectStore, syncStore } from "./stores.ts";

export const routes = [
  memberRoute(contract.connectStore, (context, { body }) => connectStore(context, body)),
  memberRoute(contract.syncStore, (context, { params, body }) => syncStore(context, { ...params, ...body })),
  memberRoute(contract.disconnectStore, (context, { params }) => disconnectStore(context, params)),
  anyoneRoute(contract.takeHook, (call, { params, body }) => takeHook(call, params.hook, streamOf(body))),
];
