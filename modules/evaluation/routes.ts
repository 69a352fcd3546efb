import { memberRoute, streamOf } from "../../kernel/http/route.ts";
import {
  downloadItems,
  listBenchmarks,
  readBenchmark,
  readLeaderboard,
  setBenchmarkStatus,
  setUpBenchmark,
} from "./benchmarks.ts";
import * as contract from "./contract.ts";
import { listSubmissions, readSubmission, submitPredictions } from "./submissions.ts";

export const routes = [
  memberRoute(contract.listBenchmarks, (context) => listBenchmarks(context)),
  memberRoute(contract.setUpBenchmark, (context, { body }) => setUpBenchmark(context, body)),
  memberRoute(contract.readBenchmark, (context, { params }) => readBenchmark(context, params)),
  memberRoute(contract.setBenchmarkStatus, (context, { params, body }) =>
    setBenchmarkStatus(context, { ...params, ...body }),
  ),
  memberRoute(contract.readLeaderboard, (context, { params, query }) =>
    readLeaderboard(context, { ...params, ...query }),
  ),
  memberRoute(contract.downloadItems, (context, { params, query }) => downloadItems(context, { ...params, ...query })),
  memberRoute(contract.listSubmissions, (context, { params, query }) =>
    listSubmissions(context, { ...params, ...query }),
  ),
  memberRoute(contract.submitPredictions, (context, { params, query, body }) =>
    submitPredictions(context, { ...params, ...query, body: streamOf(body) }),
  ),
  memberRoute(contract.readSubmission, (context, { params }) => readSubmission(context, params)),
];
