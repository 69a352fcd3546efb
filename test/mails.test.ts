import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { mails } from "../app.ts";
import { MIGRATIONS_FOLDER } from "../kernel/installation.ts";
import { renderMail } from "../kernel/mail/render.ts";

/** Mail is queued by its address, or by the people whom it is for: the second argument names the template. */
const QUEUED = /\b(?:kernel\.queue_mail|identity\.mail_person|tasks\.tell_people)\s*\(/g;
/** Where a function passes on the name that it was given. */
const PASSED_ON = /\btemplate\b/;
const NAMES = /'([a-z_]+)'/g;

/** Answers to whatever a template asks for. */
const data = new Proxy<Record<string, string>>({}, { get: (_, name) => `some ${String(name)}` });

/** The texts that could be a template's name in each call: the second argument, which may choose among several. */
function queuedNames(sql: string): string[][] {
  return [...sql.replaceAll(/--.*$/gm, "").matchAll(QUEUED)]
    .filter(({ index }) => !/\bfunction\s+$/.test(sql.replaceAll(/--.*$/gm, "").slice(0, index)))
    .map((call) => secondArgument(call.input.slice(call.index + call[0].length)))
    .filter((argument) => !PASSED_ON.test(argument))
    .map((argument) => [...argument.matchAll(NAMES)].map(([, name = ""]) => name));
}

function secondArgument(text: string): string {
  let depth = 0;
  let commas = 0;
  let argument = "";
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (depth < 0) break;
    if (character === "," && depth === 0) commas++;
    else if (commas === 1) argument += character;
  }
  return argument;
}

const calls = readdirSync(MIGRATIONS_FOLDER)
  .filter((name) => name.endsWith(".sql"))
  .flatMap((name) =>
    queuedNames(readFileSync(join(MIGRATIONS_FOLDER, name), "utf8")).map((names) => ({ name, names })),
  );

for (const template of mails) {
  test(`the mail ${template.name} has a subject, words, and a link that leads here`, () => {
    const words = template.write(data);
    assert.ok(words.subject.trim() && words.lines.length > 0 && words.lines.every((line) => line.trim()));
    assert.doesNotMatch(JSON.stringify(words), /undefined|\[object/);
    const given = { recipient: "ada@example.com", data: {}, secret: "secret" };
    const mail = renderMail(
      { name: template.name, write: () => words },
      { ...given, data: { form: "tot_" } },
      "https://tenon.example",
    );
    assert.ok(!words.link || mail.text.includes("\nhttps://tenon.example/"), mail.text);
  });
}

test("every mail that the database queues is written by a template, and every template is of use", () => {
  for (const { name, names } of calls) assert.ok(names.length > 0, `${name} queues a mail with no name in the SQL`);
  const queued = [...new Set(calls.flatMap(({ names }) => names))].sort();
  assert.deepEqual(mails.map(({ name }) => name).sort(), queued);
});

test("no two templates have the same name", () => {
  assert.equal(new Set(mails.map(({ name }) => name)).size, mails.length);
});
