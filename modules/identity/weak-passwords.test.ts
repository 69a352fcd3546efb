import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { describePasswordFault } from "./passwords.ts";

const OWNER = { email: "augusta.king@example.com", name: "Ada Lovelace" };
const isRefused = (password: string) =>
  /first that others would try/.test(describePasswordFault(password, OWNER) ?? "");

for (const password of [
  "password1234",
  "P@ssw0rd1234!",
  "iloveyou2024!!",
  "qwertyuiop12",
  "1qaz2wsx3edc4rfv",
  "zyxwvutsrqponm",
  "aaaaaaaaaaaa",
  "aaaaaaaaaaaaaaaaaab",
  "abababababab",
  "kx7!kx7!kx7!kx7!",
  "longpart longpart ",
  "123456789012",
  "tenon-tenon-2026",
  "Tenon!123456",
  "ada-lovelace-1815",
  "augusta.king2026",
  "KingAugusta!!!",
  "summer2026!!",
]) {
  test(`"${password}" is among the first that others would try`, () => assert.ok(isRefused(password)));
}

for (const password of [
  "correct horse battery staple",
  "twelve chars",
  "my password is a secret poem",
  "vK8#qLw2!xTz",
  "das Pferd frisst keinen Gurkensalat",
]) {
  test(`"${password}" is fine`, () => assert.equal(describePasswordFault(password, OWNER), undefined));
}

test("random passwords are fine", () => {
  const random = fc.array(fc.constantFrom(..."bcdfghjkmpqrtvwxzBCDFGHJKMPQRTVWXZ#%&+?"), {
    minLength: 16,
    maxLength: 40,
  });
  fc.assert(
    fc.property(random, (characters) => {
      fc.pre(new Set(characters).size >= 12);
      assert.equal(describePasswordFault(characters.join(""), OWNER), undefined);
    }),
  );
});
