import { mailboxRoute } from "./kernel/mail/mailbox.ts";
import type { Module } from "./kernel/module.ts";
import { audit } from "./modules/audit/module.ts";
import { datasets } from "./modules/datasets/module.ts";
import { identity } from "./modules/identity/module.ts";
import { labeling } from "./modules/labeling/module.ts";
import { organizations } from "./modules/organizations/module.ts";
import { projects } from "./modules/projects/module.ts";

/** Every module, in order: one may call only those that stand before it. The only file that knows them all. */
export const modules: readonly Module[] = [identity, organizations, audit, projects, datasets, labeling];

/** Every kind of mail that some module has sent. */
export const mails = modules.flatMap((module) => module.mails ?? []);

/** Every route of every module, and the kernel's own. */
export const routes = [...modules.flatMap((module) => module.routes ?? []), mailboxRoute(mails)];

/** Everything that some module does beside requests. */
export const works = modules.flatMap((module) => module.work ?? []);

/** Every kind of bearer token that some module understands. */
export const bearers = modules.flatMap((module) => module.bearers ?? []);
