import { memberRoute } from "../../kernel/http/route.ts";
import { decide, handOver, readApproval, readApprovals, take } from "./people/approvals.ts";
import * as contract from "./people-contract.ts";

/** What waits for people. */
export const peopleRoutes = [
  memberRoute(contract.listApprovals, readApprovals),
  memberRoute(contract.readApproval, (context, { params }) => readApproval(context, params)),
  memberRoute(contract.decideApproval, (context, { params, body }) => decide(context, params.approval, body)),
  memberRoute(contract.takeApproval, (context, { params }) => take(context, params.approval)),
  memberRoute(contract.handOverApproval, (context, { params, body }) => handOver(context, params.approval, body)),
];
