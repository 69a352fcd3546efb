import { memberRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { readEntries } from "./entries.ts";

export const routes = [memberRoute(contract.listEntries, readEntries)];
