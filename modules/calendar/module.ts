import type { Module } from "../../kernel/module.ts";
import { mails } from "./mails.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";
import { reminders } from "./work.ts";

export const calendar: Module = { name: "calendar", nouns, routes, mails, work: [reminders] };
