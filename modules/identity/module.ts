import type { Module } from "../../kernel/module.ts";
import { readExternalTokens } from "./external-tokens.ts";
import { mails } from "./mails.ts";
import { routes } from "./routes.ts";

export const identity: Module = { name: "identity", routes, bearers: [readExternalTokens()], mails };
