import { memberRoute } from "../../kernel/http/route.ts";
import { cancelTask, cancelTasks, cancelWorkflow, changeTask, rateTask, replayTasks } from "./changing.ts";
import { followTask } from "./following.ts";
import { listTasks } from "./listing.ts";
import { readPerformance, readTask } from "./reading.ts";
import { listTaskTypes, startTask, startTasks, startWorkflow } from "./starting.ts";
import * as changes from "./task-changes-contract.ts";
import * as contract from "./tasks-contract.ts";
import { listWorkflows, readWorkflow } from "./workflows.ts";
import * as workflows from "./workflows-contract.ts";

/** Starting, seeing and changing tasks and workflows. */
export const taskRoutes = [
  memberRoute(contract.listTaskTypes, (context) => listTaskTypes(context)),
  memberRoute(contract.startTask, (context, { body }) => startTask(context, body)),
  memberRoute(contract.startTasks, (context, { body }) => startTasks(context, body)),
  memberRoute(contract.listTasks, (context, { query }) => listTasks(context, query)),
  memberRoute(changes.cancelTasks, (context, { body }) => cancelTasks(context, body)),
  memberRoute(changes.replayTasks, (context, { body }) => replayTasks(context, body)),
  memberRoute(contract.readTask, (context, { params }) => readTask(context, params)),
  memberRoute(contract.followTask, (context, { params, lastEventId }) => followTask(context, params, lastEventId)),
  memberRoute(changes.changeTask, (context, { params, body }) => changeTask(context, params.task, body)),
  memberRoute(changes.cancelTask, (context, { params }) => cancelTask(context, params)),
  memberRoute(changes.rateTask, (context, { params, body }) => rateTask(context, params.task, body)),
  memberRoute(contract.readPerformance, (context, { query }) => readPerformance(context, query)),
  memberRoute(workflows.startWorkflow, (context, { body }) => startWorkflow(context, body)),
  memberRoute(workflows.listWorkflows, (context, { query }) => listWorkflows(context, query)),
  memberRoute(workflows.readWorkflow, (context, { params }) => readWorkflow(context, params)),
  memberRoute(workflows.cancelWorkflow, (context, { params }) => cancelWorkflow(context, params)),
];
