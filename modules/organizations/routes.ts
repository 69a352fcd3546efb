import { personRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { readMe } from "./me.ts";

export const routes = [personRoute(contract.readMe, (call) => readMe(call))];
