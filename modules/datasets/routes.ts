import { memberRoute, streamOf } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { uploadGold } from "./gold.ts";

export const routes = [
  memberRoute(contract.uploadGold, (context, { query, body }) =>
    uploadGold(context, { ...query, body: streamOf(body) }),
  ),
];
