import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escapeHtml } from "./html.ts";
import { renderMail } from "./render.ts";
import type { MailTemplate, MailWords } from "./template.ts";

const URL_OF = "https://tenon.example";
const MAIL = { recipient: "ada@example.com", data: {}, secret: undefined };
const ENTITY = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" } as const;
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."<>&\"'`=/ \r\n\u2028a") }),
);

const templateOf = (write: MailTemplate["write"]): MailTemplate => ({ name: "test", write });
const render = (words: MailWords, mail = {}) =>
  renderMail(
    templateOf(() => words),
    { ...MAIL, ...mail },
    URL_OF,
  );
const tagsOf = (html: string) => html.match(/<[^>]*>/g)?.map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));

test("escaped text has no character that means something in HTML, and reads as what it was", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeHtml(text);
      assert.doesNotMatch(escaped, /[<>"']/);
      assert.equal(
        escaped.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITY[entity as keyof typeof ENTITY]),
        text,
      );
    }),
  );
});

test("whatever a person is called, the mail has the same elements, one line of subject and as many paragraphs", () => {
  const template = templateOf(({ name = "" }) => ({
    subject: `For ${name}`,
    lines: [`Hello ${name}.`],
    link: { label: `Go, ${name}`, path: "/go" },
    reason: `Because of ${name}.`,
  }));
  const plain = renderMail(template, { ...MAIL, data: { name: "Ada" } }, URL_OF);
  fc.assert(
    fc.property(anyText, (name) => {
      const mail = renderMail(template, { ...MAIL, data: { name } }, URL_OF);
      assert.deepEqual(tagsOf(mail.html), tagsOf(plain.html));
      assert.doesNotMatch(mail.subject, /[\p{Cc}\u2028\u2029\u202e]/u);
      assert.ok([...mail.subject].length <= 150);
      assert.equal(mail.text.split("\n").length, plain.text.split("\n").length);
    }),
  );
});

test("the link is the public address, the path, and the token where it goes", () => {
  const link = { label: "Go", path: "/join#:token" };
  const { text } = render({ subject: "s", lines: ["l"], link }, { data: { form: "tiv_a_b_" }, secret: "$&secret" });
  assert.ok(text.includes("\nhttps://tenon.example/join#tiv_a_b_%24%26secret\n"), text);
});

test("a link that leads elsewhere, or wants a token that is not there, is refused", () => {
  for (const path of ["//evil.example/x", "https://evil.example", "javascript:alert(1)", "\\\\evil.example", "join"])
    assert.throws(() => render({ subject: "s", lines: [], link: { label: "Go", path } }), /leads elsewhere/, path);
  const link = { label: "Go", path: "/join#:token" };
  assert.throws(() => render({ subject: "s", lines: [], link }, { data: { form: "x" } }), /wants a token/);
  assert.throws(() => render({ subject: "s", lines: [], link }, { secret: "x" }), /wants a token/);
});

test("data that is no text is made text, or nothing", () => {
  const template = templateOf((data) => ({ subject: "s", lines: [Object.values(data).join("|")] }));
  const data = { a: 1, b: true, c: null, d: { e: 1 }, f: "  x\ty  " };
  assert.match(renderMail(template, { ...MAIL, data }, URL_OF).text, /^1\|true\|\|\|x y\n/);
});

test("the last words tell why the mail came", () => {
  assert.match(
    render({ subject: "s", lines: ["l"] }).text,
    /-- \nYou get .* ada@example\.com is used at tenon\.example\.\n$/,
  );
  assert.match(render({ subject: "s", lines: ["l"], reason: "You asked for it." }).text, /-- \nYou asked for it\.\n$/);
});
