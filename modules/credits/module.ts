import type { Module } from "../../kernel/module.ts";
import { mails } from "./mails.ts";
import { meter } from "./metering.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";
import { work } from "./work.ts";

export const credits: Module = { name: "credits", nouns, routes, mails, meter, work };
