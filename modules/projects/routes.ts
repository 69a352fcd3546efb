import { memberRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { moveCard } from "./moving.ts";
import { readProgress } from "./progress.ts";

export const routes = [memberRoute(contract.moveCard, moveCard), memberRoute(contract.readProgress, readProgress)];
