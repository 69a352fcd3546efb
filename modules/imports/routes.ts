import { memberRoute, streamOf } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { dryRunImport } from "./dry-run.ts";
import { cancelImport, downloadErrors, listImports, readImport, startImport, undoImport } from "./imports.ts";
import { listTargets } from "./targets.ts";

export const routes = [
  memberRoute(contract.listTargets, (context) => listTargets(context)),
  memberRoute(contract.startImport, (context, { query, body }) => startImport(context, query, streamOf(body))),
  memberRoute(contract.dryRunImport, (context, { query, body }) => dryRunImport(context, query, streamOf(body))),
  memberRoute(contract.listImports, (context, { query }) => listImports(context, query)),
  memberRoute(contract.readImport, (context, { params }) => readImport(context, params)),
  memberRoute(contract.downloadErrors, (context, { params, query }) =>
    downloadErrors(context, { ...params, ...query }),
  ),
  memberRoute(contract.cancelImport, (context, { params, body }) => cancelImport(context, { ...params, ...body })),
  memberRoute(contract.undoImport, (context, { params }) => undoImport(context, params)),
];
