import { dataModelRoutes } from "./kernel/data-model/routes.ts";
import { mailboxRoute } from "./kernel/mail/mailbox.ts";
import type { Module } from "./kernel/module.ts";
import { nounRoutes } from "./kernel/nouns/routes.ts";
import { analytics } from "./modules/analytics/module.ts";
import { assistant } from "./modules/assistant/module.ts";
import { audit } from "./modules/audit/module.ts";
import { billing } from "./modules/billing/module.ts";
import { calendar } from "./modules/calendar/module.ts";
import { commerce } from "./modules/commerce/module.ts";
import { content } from "./modules/content/module.ts";
import { credits } from "./modules/credits/module.ts";
import { crm } from "./modules/crm/module.ts";
import { datasets } from "./modules/datasets/module.ts";
import { evaluation } from "./modules/evaluation/module.ts";
import { identity } from "./modules/identity/module.ts";
import { imports } from "./modules/imports/module.ts";
import { labeling } from "./modules/labeling/module.ts";
import { organizations } from "./modules/organizations/module.ts";
import { projects } from "./modules/projects/module.ts";
import { studio } from "./modules/studio/module.ts";
import { tasks } from "./modules/tasks/module.ts";

/** Every module, in order: one may call only those that stand before it. The only file that knows them all. */
export const modules: readonly Module[] = [
  identity,
  organizations,
  audit,
  credits,
  tasks,
  imports,
  billing,
  crm,
  projects,
  calendar,
  assistant,
  commerce,
  content,
  datasets,
  labeling,
  evaluation,
  studio,
  analytics,
];

/** Every kind of mail that some module has sent. */
export const mails = modules.flatMap((module) => module.mails ?? []);

/** Every noun of every module. */
export const nouns = modules.flatMap((module) => module.nouns ?? []);

/** Every route of every module and noun, and the kernel's own. */
export const routes = [
  ...modules.flatMap((module) => module.routes ?? []),
  ...nounRoutes(nouns),
  mailboxRoute(mails),
  ...dataModelRoutes,
];

/** Everything that some module does beside requests: again and again, by an id, and as tasks of organizations. */
export const works = modules.flatMap((module) => module.work ?? []);
export const jobs = modules.flatMap((module) => module.jobs ?? []);
export const kinds = modules.flatMap((module) => module.tasks ?? []);

/** Everything that counts the requests of API keys. */
export const meters = modules.flatMap((module) => module.meter ?? []);

/** Every kind of bearer token that some module understands. */
export const bearers = modules.flatMap((module) => module.bearers ?? []);
