import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../config.ts";
import { defaultSender, parseMailAddress, parseMailServer } from "./server.ts";

test("a mail server is read with its port, its way of encryption and its login", () => {
  assert.deepEqual(parseMailServer("smtp://mail.example.com"), {
    host: "mail.example.com",
    port: 587,
    isSecure: false,
  });
  assert.deepEqual(parseMailServer("smtps://a%40b:p%3Aw@mail.example.com/"), {
    host: "mail.example.com",
    port: 465,
    isSecure: true,
    login: { user: "a@b", password: "p:w" },
  });
  assert.deepEqual(parseMailServer("smtp://[::1]:2525"), { host: "::1", port: 2525, isSecure: false });
});

test("what is no mail server is refused by the variable's name, and its password is not shown", () => {
  const odd = [
    "mail.example.com",
    "http://u:secret@mail.example.com",
    "smtp://",
    "smtp://u:secret@mail.example.com?tls.rejectUnauthorized=false",
    "smtp://u:secret@mail.example.com/path",
    "smtp://:secret@mail.example.com",
    "smtp://u:secret%@mail.example.com",
    "smtp://u:secret@mail.example.com:99999",
  ];
  for (const url of odd) {
    assert.throws(
      () => readConfig({ TENON_SMTP_URL: url }),
      ({ message }: Error) => /^TENON_SMTP_URL cannot be used/.test(message) && !message.includes("secret"),
      url,
    );
  }
});

test("whom mail comes from is an address, with a name or without", () => {
  const address = "a@example.com";
  assert.deepEqual(parseMailAddress(address), { name: "", address });
  assert.deepEqual(parseMailAddress("Tenon <a@example.com>"), { name: "Tenon", address });
  assert.deepEqual(parseMailAddress('"Tenon, Inc." <a@example.com>'), { name: "Tenon, Inc.", address });
  for (const odd of [
    "Tenon",
    "a@b@c",
    "Tenon <a@example.com> b",
    "a@example.com\r\nBcc: b@example.com",
    "A\nB <a@example.com>",
  ])
    assert.throws(() => readConfig({ TENON_MAIL_FROM: odd }), /^Error: TENON_MAIL_FROM is/, odd);
  assert.equal(defaultSender("https://tenon.example.com:8443").address, "no-reply@tenon.example.com");
  assert.equal(defaultSender("http://127.0.0.1:3000").address, "no-reply@[127.0.0.1]");
});
