import type { Module } from "../../kernel/module.ts";
import { mails } from "./mails.ts";
import { routes } from "./routes.ts";
import { sweeping } from "./sweeping.ts";

export const identity: Module = { name: "identity", routes, mails, work: [sweeping] };
