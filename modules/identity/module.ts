import type { Module } from "../../kernel/module.ts";
import { readAccessToken } from "./access-tokens.ts";
import { readExternalTokens } from "./external-tokens.ts";
import { factorMails } from "./factor-mails.ts";
import { mails } from "./mails.ts";
import { routes } from "./routes.ts";
import { signingKeyWork } from "./signing-keys.ts";

export const identity: Module = {
  name: "identity",
  routes,
  bearers: [readAccessToken, readExternalTokens()],
  mails: [...mails, ...factorMails],
  work: [signingKeyWork],
};
