import { memberRoute } from "../../kernel/http/route.ts";
import { setContactMember } from "./clients.ts";
import * as clients from "./clients-contract.ts";
import * as contract from "./contract.ts";
import { changeStage } from "./stages.ts";

export const routes = [
  memberRoute(contract.changeStage, changeStage),
  memberRoute(clients.setContactMember, (context, { params, body }) =>
    setContactMember(context, { ...params, ...body }),
  ),
];
