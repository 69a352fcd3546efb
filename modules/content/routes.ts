import { anyoneRoute, memberRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { listPages, readFeed, readPage, readSitemap } from "./pages.ts";
import { restoreVersion, takeStep } from "./steps.ts";

export const routes = [
  memberRoute(contract.submitForReview, (context, { params: { item }, ifVersion }) =>
    takeStep(context, { item, step: "submit", ifVersion }),
  ),
  memberRoute(contract.approve, (context, { params: { item }, ifVersion }) =>
    takeStep(context, { item, step: "approve", ifVersion }),
  ),
  memberRoute(contract.sendBack, (context, { params: { item }, body, ifVersion }) =>
    takeStep(context, { item, step: "send_back", ifVersion, note: body.reason }),
  ),
  memberRoute(contract.publish, (context, { params: { item }, ifVersion }) =>
    takeStep(context, { item, step: "publish", ifVersion }),
  ),
  memberRoute(contract.unpublish, (context, { params: { item }, ifVersion }) =>
    takeStep(context, { item, step: "unpublish", ifVersion }),
  ),
  memberRoute(contract.archive, (context, { params: { item }, ifVersion }) =>
    takeStep(context, { item, step: "archive", ifVersion }),
  ),
  memberRoute(contract.reopen, (context, { params: { item }, ifVersion }) =>
    takeStep(context, { item, step: "reopen", ifVersion }),
  ),
  memberRoute(contract.restoreVersion, (context, { params: { item }, body, ifVersion }) =>
    restoreVersion(context, { item, ...body, ifVersion }),
  ),
  anyoneRoute(contract.listPages, (call, { params }) => listPages(call, params)),
  anyoneRoute(contract.readSitemap, (call, { params }) => readSitemap(call, params)),
  anyoneRoute(contract.readFeed, (call, { params }) => readFeed(call, params)),
  anyoneRoute(contract.readPage, (call, { params }) => readPage(call, params)),
];
