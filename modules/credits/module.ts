import type { Module } from "../../kernel/module.ts";
import { mails } from "./mails.ts";
import { meter } from "./metering.ts";
import { routes } from "./routes.ts";
import { work } from "./work.ts";

export const credits: Module = { name: "credits", routes, mails, meter, work };
