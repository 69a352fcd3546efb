import { memberRoute, streamOf } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { downloadFile, startExport } from "./exports.ts";
import { readFigures } from "./figures.ts";
import { importTexts } from "./imports.ts";
import { submitLabel } from "./labels.ts";
import { createProject, listProjects, readProject } from "./projects.ts";
import { exportResults } from "./results.ts";
import { listReviews, reviewLabel } from "./reviews.ts";
import { claimNext, releaseTask, renewLease } from "./tasks.ts";

export const routes = [
  memberRoute(contract.listProjects, (context) => listProjects(context)),
  memberRoute(contract.createProject, (context, { body }) => createProject(context, body)),
  memberRoute(contract.readProject, (context, { params }) => readProject(context, params)),
  memberRoute(contract.importTexts, (context, { params, query, body }) =>
    importTexts(context, { ...params, ...query, body: streamOf(body) }),
  ),
  memberRoute(contract.claimNext, (context, { params }) => claimNext(context, params)),
  memberRoute(contract.renewLease, (context, { params }) => renewLease(context, params)),
  memberRoute(contract.releaseTask, (context, { params }) => releaseTask(context, params)),
  memberRoute(contract.submitLabel, (context, { params, body }) => submitLabel(context, { ...params, ...body })),
  memberRoute(contract.nextReview, (context, { params }) => listReviews(context, params)),
  memberRoute(contract.reviewLabel, (context, { params, body }) => reviewLabel(context, { ...params, ...body })),
  memberRoute(contract.readFigures, (context, { params }) => readFigures(context, params)),
  memberRoute(contract.downloadResults, (context, { params, query }) =>
    exportResults(context, { ...params, ...query }),
  ),
  memberRoute(contract.startExport, (context, { params, body }) => startExport(context, { ...params, ...body })),
  memberRoute(contract.downloadFile, (context, { params }) => downloadFile(context, params)),
];
