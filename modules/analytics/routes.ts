import { memberRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { readDashboard } from "./dashboard.ts";
import { sendEvents } from "./events.ts";

export const routes = [
  memberRoute(contract.sendEvents, (context, { body }) => sendEvents(context, body.events)),
  memberRoute(contract.readDashboard, (context) => readDashboard(context)),
];
