import type { Module } from "../../kernel/module.ts";
import { fileRetention } from "./files.ts";
import { mailLine } from "./mail-line.ts";
import { mails } from "./mails.ts";
import { nouns } from "./nouns.ts";
import { peopleSweep } from "./people/sweeping.ts";
import { peopleRoutes } from "./people-routes.ts";
import { RETENTION_WORK } from "./retention.ts";
import { scheduleRoutes } from "./schedule-routes.ts";
import { scheduleWork } from "./schedules/work.ts";
import { taskRoutes } from "./task-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";
import { deliveryJob, deliveryRetention } from "./webhooks/deliveries.ts";
import { callWebhookKind } from "./webhooks/kind.ts";
import { webhookEvents } from "./webhooks/telling.ts";

export const tasks: Module = {
  name: "tasks",
  nouns,
  routes: [...taskRoutes, ...webhookRoutes, ...scheduleRoutes, ...peopleRoutes],
  mails,
  work: [scheduleWork, peopleSweep, mailLine, fileRetention, RETENTION_WORK, webhookEvents, deliveryRetention],
  jobs: [deliveryJob],
  tasks: [callWebhookKind],
};
