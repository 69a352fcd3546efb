import assert from "node:assert/strict";
import { test } from "node:test";
import { joiningMails as mails } from "./joining-mails.ts";

const DATA = {
  name: "Ada",
  organization: "Acme",
  slug: "acme",
  inviter: "Grace",
  message: "See you on Monday",
  person: "Alan",
  email: "alan@acme.example",
  decision: "approved",
  domain: "acme.example",
  record: "_tenon-challenge.acme.example",
};

for (const { name, write } of mails) {
  test(`${name} says what it is about in whole sentences, and nothing that is missing`, () => {
    const { subject, lines } = write(DATA);
    const text = [subject, ...lines].join("\n");
    assert.ok(text.includes(name === "domain_lost" ? "acme.example" : "Acme"));
    assert.doesNotMatch(text, /undefined|!|:token|\s\s/);
  });
}

test("an invitation carries the inviter's words and its token; a refusal is no approval", () => {
  const [invitation, , decided] = mails;
  const words = invitation?.write(DATA);
  assert.ok(words?.lines.includes("See you on Monday"));
  assert.equal(words?.link?.path, "/invitation#:token");
  assert.equal(invitation?.write({ ...DATA, message: "" }).lines.length, 2);
  assert.notEqual(decided?.write({ ...DATA, decision: "refused" }).subject, decided?.write(DATA).subject);
});
