import { anyoneRoute, memberRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import {
  listVersions,
  nameVersion,
  readStructuring,
  readVersion,
  restoreVersion,
  saveStructuring,
} from "./documents.ts";
import * as documents from "./documents-contract.ts";
import { downloadExport, listExports, startExport } from "./exports.ts";
import { followOpenSession } from "./following.ts";
import * as outlets from "./outlets-contract.ts";
import {
  binSession,
  changeSession,
  closeToPerson,
  listSessions,
  makeSession,
  openToPerson,
  readSession,
} from "./sessions.ts";
import { listShares, openShare, revokeShare, shareSession } from "./shares.ts";

export const routes = [
  memberRoute(contract.browseSessions, (context, { query }) => listSessions(context, query)),
  memberRoute(contract.startSession, (context, { body }) => makeSession(context, body)),
  memberRoute(contract.readSession, (context, { params }) => readSession(context, params)),
  memberRoute(contract.duplicateSession, (context, { params, body }) => makeSession(context, body, params.session)),
  memberRoute(contract.changeSession, (context, { params, body }) =>
    changeSession(context, { ...params, changes: body }),
  ),
  memberRoute(contract.followSession, (context, input) => followOpenSession(context, input)),
  memberRoute(contract.openToPerson, (context, { params, body }) => openToPerson(context, { ...params, ...body })),
  memberRoute(contract.closeToPerson, (context, { params }) => closeToPerson(context, params)),
  memberRoute(documents.readStructuring, (context, { params }) => readStructuring(context, params)),
  memberRoute(documents.saveStructuring, (context, { params, body, ifVersion }) =>
    saveStructuring(context, { ...params, content: body, revision: ifVersion }),
  ),
  memberRoute(documents.listVersions, (context, { params }) => listVersions(context, params)),
  memberRoute(documents.nameVersion, (context, { params, body }) => nameVersion(context, { ...params, ...body })),
  memberRoute(documents.readVersion, (context, { params }) => readVersion(context, params)),
  memberRoute(documents.restoreVersion, (context, { params }) => restoreVersion(context, params)),
  memberRoute(outlets.listShares, (context, { params }) => listShares(context, params)),
  memberRoute(outlets.makeShare, (context, { params, body }) => shareSession(context, { ...params, ...body })),
  memberRoute(outlets.revokeShare, (context, { params }) => revokeShare(context, params)),
  anyoneRoute(outlets.openShare, (caller, { body }) => openShare(caller, body)),
  memberRoute(outlets.listExports, (context, { params }) => listExports(context, params)),
  memberRoute(outlets.startExport, (context, { params }) => startExport(context, params)),
  memberRoute(outlets.downloadExport, (context, { params }) => downloadExport(context, params)),
  memberRoute(contract.binSession, (context, { params }) => binSession(context, params, true)),
  memberRoute(contract.takeOutSession, (context, { params }) => binSession(context, params, false)),
];
