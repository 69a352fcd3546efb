import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMailServer } from "../../kernel/mail/server.ts";
import { checkMail } from "./mail.ts";

const mailServer = parseMailServer("smtp://user:a-password@mail.example.com");
const databaseUrl = "postgres://db.example.com/tenon";
const publicUrl = "https://tenon.example.com";

test("no mail server is fine for trying, and doubtful on a server of one's own", () => {
  const none = { mailServer: undefined, publicUrl };
  assert.equal(checkMail({ ...none, databaseUrl: undefined }).state, "good");
  const own = checkMail({ ...none, databaseUrl });
  assert.equal(own.state, "doubtful");
  assert.match(own.detail, /TENON_SMTP_URL/);
});

test("a mail server is named without its password, and wants a public address", () => {
  const finding = checkMail({ databaseUrl, mailServer, publicUrl });
  assert.deepEqual(finding, { state: "good", subject: "Mail", detail: "mail.example.com, port 587" });
  const nowhere = checkMail({ databaseUrl, mailServer, publicUrl: undefined });
  assert.equal(nowhere.state, "doubtful");
  assert.match(nowhere.detail, /TENON_URL/);
});
