import type { Module } from "../../kernel/module.ts";
import { readAccessToken } from "./access-tokens.ts";
import { readExternalTokens } from "./external-tokens.ts";
import { factorMails } from "./factor-mails.ts";
import { issuerMails } from "./issuer-mails.ts";
import { mails } from "./mails.ts";
import { routes } from "./routes.ts";
import { signingKeyWork } from "./signing-keys.ts";
import { sweeping } from "./sweeping.ts";

export const identity: Module = {
  name: "identity",
  routes,
  bearers: [readAccessToken, readExternalTokens()],
  mails: [...mails, ...factorMails, ...issuerMails],
  work: [signingKeyWork, sweeping],
};
