import { personRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { joiningRoutes } from "./joining-routes.ts";
import { readMe } from "./me.ts";

export const routes = [personRoute(contract.readMe, (call) => readMe(call)), ...joiningRoutes];
