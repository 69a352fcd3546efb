import { memberRoute } from "../../kernel/http/route.ts";
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  listSchedules,
  previewSchedule,
  readSchedule,
} from "./schedules.ts";
import * as contract from "./schedules-contract.ts";

/** Work that comes again. */
export const scheduleRoutes = [
  memberRoute(contract.listSchedules, (context, { query }) => listSchedules(context, query)),
  memberRoute(contract.createSchedule, (context, { body }) => createSchedule(context, body)),
  memberRoute(contract.previewSchedule, (context, { body }) => previewSchedule(context, body)),
  memberRoute(contract.readSchedule, (context, { params }) => readSchedule(context, params)),
  memberRoute(contract.changeSchedule, (context, { params, body }) => changeSchedule(context, params.schedule, body)),
  memberRoute(contract.deleteSchedule, (context, { params }) => deleteSchedule(context, params)),
];
