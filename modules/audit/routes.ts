import { memberRoute, personRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { readEntries } from "./entries.ts";
import { exportRecord } from "./entries-export.ts";
import { listHolds, placeHold, readRetention, releaseHold, setRetention } from "./holds.ts";
import { followChanges } from "./live/follow.ts";
import { exportPerson } from "./personal-export.ts";

export const routes = [
  memberRoute(contract.listEntries, readEntries),
  memberRoute(contract.exportEntries, (context, input) => exportRecord(context, input)),
  memberRoute(contract.followChanges, (context, { query, lastEventId }) =>
    followChanges(context, { ...query, lastEventId }),
  ),
  memberRoute(contract.listHolds, (context) => listHolds(context)),
  memberRoute(contract.placeHold, (context, { body }) => placeHold(context, body)),
  memberRoute(contract.releaseHold, (context, { params }) => releaseHold(context, params)),
  memberRoute(contract.readRetention, (context) => readRetention(context)),
  memberRoute(contract.setRetention, (context, { body }) => setRetention(context, body)),
  personRoute(contract.exportPerson, (call) => exportPerson(call)),
];
