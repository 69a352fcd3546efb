import type { Module } from "../../kernel/module.ts";
import { domainChecks } from "./domains.ts";
import { joiningMails } from "./joining-mails.ts";
import { mails } from "./mails.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";

export const organizations: Module = {
  name: "organizations",
  nouns,
  routes,
  mails: [...mails, ...joiningMails],
  work: [domainChecks],
};
