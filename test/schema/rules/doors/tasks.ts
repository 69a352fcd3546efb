import { type Doors, TOKEN } from "./doors.ts";

const SEALED = "Stores a sealed secret, which no member may write or read as it is; it asks for the permission itself.";

const ENGINE = "Moves ids between the engine's tables, across organizations; it takes and gives no content.";
const CLAIM = "Does what concerns the tasks of one claim, in the organization that was entered by it.";
const DECIDE =
  "Finds out by itself whether the approval waits for who entered, and then changes it and its task, which members may only read.";

const OWN = "Whose an approval is only roles tell, too; it begins at who entered, and shows what is theirs.";
const LINE = "Puts work of the installation itself in line, by its name or id, and answers nothing.";
const CHANGE = "Checks tasks.task.write once more, and then changes tables that members may only read.";
const PLACE = "Tells members of their own organization's part of the line, which nobody reads as it is.";
const RETENTION =
  "Removes what ended long ago, across organizations, by ids that it finds itself; nothing where a legal hold stands.";

const DELIVER = "Does one step of telling the webhooks of one organization, by its id, and of nobody else's.";
const WEBHOOK = "Asks for tasks.webhook.manage, and changes what an endpoint of the organization entered is told.";

export const TASKS_DOORS: Doors = {
  "tasks.begin_webhooks(uuid,uuid) to tenon_dispatcher": DELIVER,
  "tasks.delivery_message(uuid) to tenon_member":
    "Asks for tasks.webhook.manage, and shows what a delivery of the organization entered says, as the record keeps it.",
  "tasks.has_webhooks() to tenon_dispatcher": "Says whether there is any webhook, and nothing about it.",
  "tasks.keep_webhooks() to tenon_dispatcher": LINE,
  "tasks.remove_old_deliveries(interval,integer) to tenon_dispatcher":
    "Removes what was over long ago, across organizations, by ids that it finds itself.",
  "tasks.rest_webhooks(uuid,uuid) to tenon_dispatcher": DELIVER,
  "tasks.send_webhook_again(uuid) to tenon_member": WEBHOOK,
  "tasks.set_webhook_events(uuid,text[]) to tenon_member": WEBHOOK,
  "tasks.settle_delivery(uuid,uuid,uuid,text,integer,integer,text,integer) to tenon_dispatcher": DELIVER,
  "tasks.take_deliveries(uuid,uuid,uuid[],uuid[]) to tenon_dispatcher":
    "Gives what is sent to the endpoints of one organization now, with the sealed secrets that sign it, to the worker that sends it.",
  "tasks.tell_webhooks(integer) to tenon_dispatcher":
    "Reads the record across organizations, and makes deliveries for the organization of each entry; it answers a count.",
  "tasks.test_webhook(uuid) to tenon_member": WEBHOOK,
  "tasks.ask(jsonb) to tenon_member":
    "Makes tasks in the organization entered; which kinds a member may start is decided in the server.",
  "tasks.ask(jsonb) to tenon_worker": "A task starts others, in the organization entered by its claim.",
  "tasks.begin(bigint) to tenon_worker": CLAIM,
  "tasks.cancel(uuid[]) to tenon_member": "Stops tasks of the organization entered, and what depends on them.",
  "tasks.claim(text,text[],integer,uuid,integer,interval) to tenon_dispatcher": ENGINE,
  "tasks.enter(uuid,bigint,uuid,text) to tenon_worker":
    "The worker's door: it opens the organization of a claim that stands.",
  "tasks.finish(bigint,jsonb) to tenon_worker": CLAIM,
  "tasks.heartbeat(bigint[],interval) to tenon_dispatcher": ENGINE,
  "tasks.keep_chores(text[]) to tenon_dispatcher": LINE,
  "tasks.put_back(bigint,uuid[]) to tenon_dispatcher": ENGINE,
  "tasks.replay(uuid[]) to tenon_member": "Has failed tasks of the organization entered tried again.",
  "tasks.report_progress(bigint,jsonb) to tenon_worker": CLAIM,
  "tasks.settle_job(bigint,uuid,double precision,boolean) to tenon_dispatcher": "Ends the installation's own work.",
  "tasks.sweep(integer) to tenon_dispatcher": ENGINE,
  "tasks.wake_chore(text) to tenon_dispatcher": "Has a chore of the installation done at once.",
  "tasks.answer_callback(uuid,uuid,bytea,text,jsonb,jsonb,text) to tenon_gate": TOKEN,
  "tasks.cancel_workflow(uuid) to tenon_member": CHANGE,
  "tasks.change_task(uuid,jsonb,bigint) to tenon_member": CHANGE,
  "tasks.endpoint_for_call(uuid) to tenon_worker":
    "Gives the sealed secrets of one endpoint, of the organization entered, to what calls it; the table is closed to all.",
  "tasks.ids_in_line(uuid,integer) to tenon_member": PLACE,
  "tasks.line_figures() to tenon_dispatcher":
    "Counts the line for whoever watches the installation: figures, and no ids.",
  "tasks.make_webhook_endpoint(uuid,text,text,integer,bytea) to tenon_member": SEALED,
  "tasks.make_workflow(text) to tenon_member": CHANGE,
  "tasks.organizations_with_old_tasks(uuid,interval,integer) to tenon_dispatcher": RETENTION,
  "tasks.place_in_line(uuid) to tenon_member": PLACE,
  "tasks.rate_task(uuid,numeric,jsonb) to tenon_member": CHANGE,
  "tasks.remove_old_tasks(uuid,interval,integer,timestamp with time zone,uuid) to tenon_dispatcher": RETENTION,
  "tasks.rotate_webhook_secret(uuid,bytea,integer) to tenon_member": SEALED,
  "tasks.decide_approval(uuid,text,jsonb,text) to tenon_member": DECIDE,
  "tasks.decide_approval(uuid,text,jsonb,text) to tenon_own": DECIDE,
  "tasks.hand_over_approval(uuid,uuid,uuid) to tenon_member": DECIDE,
  "tasks.hand_over_approval(uuid,uuid,uuid) to tenon_own": DECIDE,
  "tasks.take_approval(uuid) to tenon_member": DECIDE,
  "tasks.take_approval(uuid) to tenon_own": DECIDE,
  "tasks.open_approval(uuid,jsonb) to tenon_worker":
    "Asks people on behalf of a task of the claim entered; workers only read approvals.",
  "tasks.own_approvals(boolean) to tenon_member": OWN,
  "tasks.own_approvals(boolean) to tenon_own": OWN,
  "tasks.sees_all() to tenon_member":
    "Tells who entered whether they may see all tasks: their permissions stand where members do not read them.",
  "tasks.sweep_people(integer) to tenon_dispatcher":
    "Does what time brings to approvals across organizations, and answers with no more than how many.",
  "tasks.keep_mails() to tenon_dispatcher": LINE,
  "tasks.remove_old_files(integer) to tenon_dispatcher":
    "Removes files of more than a day ago, and tells only how many.",
};
