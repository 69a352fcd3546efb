import { memberRoute, streamOf } from "../../kernel/http/route.ts";
import { listComments, resolveThread, writeComment } from "./comments.ts";
import * as comments from "./comments-contract.ts";
import * as contract from "./contract.ts";
import * as customer from "./customer-contract.ts";
import { exportCustomerResults, listCustomerProjects, listCustomerResults, readCustomerProject } from "./customers.ts";
import { downloadFile, readExport, startExport } from "./exports.ts";
import { listMetrics, readFigures } from "./figures.ts";
import { importTexts } from "./imports.ts";
import { submitLabel } from "./labels.ts";
import { createProject, listProjects, readProject } from "./projects.ts";
import { exportResults } from "./results.ts";
import { listReviews, reviewLabel } from "./reviews.ts";
import { claimNext, releaseTask, renewLease } from "./tasks.ts";
import { readTerms, setTerms } from "./terms.ts";
import * as terms from "./terms-contract.ts";

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
  memberRoute(contract.listMetrics, (context, { params, query }) => listMetrics(context, { ...params, ...query })),
  memberRoute(contract.downloadResults, (context, { params, query }) =>
    exportResults(context, { ...params, ...query }),
  ),
  memberRoute(contract.startExport, (context, { params, body }) => startExport(context, { ...params, ...body })),
  memberRoute(contract.readExport, (context, { params }) => readExport(context, { task: params.run })),
  memberRoute(contract.downloadFile, (context, { params }) => downloadFile(context, params)),
  memberRoute(comments.listComments, (context, { params }) => listComments(context, params)),
  memberRoute(comments.writeComment, (context, { params, body }) => writeComment(context, { ...params, ...body })),
  memberRoute(comments.resolveThread, (context, { params, body }) => resolveThread(context, { ...params, ...body })),
  memberRoute(customer.listCustomerProjects, (context) => listCustomerProjects(context)),
  memberRoute(customer.readCustomerProject, (context, { params }) => readCustomerProject(context, params)),
  memberRoute(customer.listCustomerResults, (context, { params, query }) =>
    listCustomerResults(context, { ...params, ...query }),
  ),
  memberRoute(customer.downloadCustomerResults, (context, { params, query }) =>
    exportCustomerResults(context, { ...params, ...query }),
  ),
  memberRoute(terms.readTerms, (context, { params }) => readTerms(context, params)),
  memberRoute(terms.setTerms, (context, { params, body }) => setTerms(context, { ...params, ...body })),
];
