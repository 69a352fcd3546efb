import { memberRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import {
  createInvoice,
  discardInvoice,
  issueInvoice,
  listInvoices,
  listUnbilled,
  readInvoice,
  settleInvoice,
} from "./invoices.ts";
import { downloadInvoice, printInvoice, readPrint } from "./printing.ts";

export const routes = [
  memberRoute(contract.listUnbilled, (context) => listUnbilled(context)),
  memberRoute(contract.listInvoices, (context, { query }) => listInvoices(context, query)),
  memberRoute(contract.readInvoice, (context, { params }) => readInvoice(context, params)),
  memberRoute(contract.createInvoice, (context, { body }) => createInvoice(context, body)),
  memberRoute(contract.issueInvoice, (context, { params, body }) => issueInvoice(context, { ...params, ...body })),
  memberRoute(contract.settleInvoice, (context, { params, body }) => settleInvoice(context, { ...params, ...body })),
  memberRoute(contract.discardInvoice, (context, { params }) => discardInvoice(context, params)),
  memberRoute(contract.printInvoice, (context, { params }) => printInvoice(context, params)),
  memberRoute(contract.readPrint, (context, { params }) => readPrint(context, { task: params.print })),
  memberRoute(contract.downloadInvoice, (context, { params }) => downloadInvoice(context, { file: params.document })),
];
