import { audit } from "./modules/audit/module.ts";
import { identity } from "./modules/identity/module.ts";
import { organizations } from "./modules/organizations/module.ts";

/** Every module, in order: one may call only those that stand before it. The only file that knows them all. */
export const modules = [identity, organizations, audit];
