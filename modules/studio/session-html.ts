import { type Html, html, raw } from "./html.ts";
import { Structuring } from "./structuring-contract.ts";

/** What is printed of a session. */
export type PrintedSession = {
  title: string;
  client_name: string | null;
  organization: string;
  printed_at: string;
  sections: { section: string; content: unknown; saved_at: string }[];
};

const STYLE = raw(`<style>
  :root { font-family: "Helvetica Neue", Arial, "Noto Sans", sans-serif; font-size: 10.5pt; line-height: 1.5; color: #1b1f24; }
  body { margin: 0; }
  header { border-bottom: 1.5pt solid #1b1f24; padding-bottom: 8pt; margin-bottom: 16pt; }
  h1 { font-size: 22pt; line-height: 1.2; margin: 0 0 4pt; }
  h2 { font-size: 13pt; margin: 16pt 0 4pt; break-after: avoid; }
  p { margin: 0 0 6pt; white-space: pre-wrap; overflow-wrap: anywhere; }
  .about { color: #57606a; margin: 0; }
  ul { margin: 0; padding-left: 14pt; }
  li { margin-bottom: 3pt; overflow-wrap: anywhere; break-inside: avoid; }
  table { width: 100%; border-collapse: collapse; }
  th, td { text-align: left; vertical-align: top; padding: 4pt 8pt 4pt 0; border-bottom: 0.5pt solid #d0d7de; overflow-wrap: anywhere; }
  tr { break-inside: avoid; }
</style>`);

/** A session as one HTML document, with everything that people wrote escaped. What nobody has filled in is left out. */
export function sessionHtml({ title, client_name, organization, printed_at, sections }: PrintedSession): string {
  const saved = sections.find(({ section }) => section === "structuring")?.content;
  const day = new Date(printed_at).toISOString().slice(0, 10);
  const about = [client_name && `For ${client_name}`, organization, day].filter(Boolean).join(" · ");
  const parts = structuringHtml(Structuring.parse(saved ?? {}));
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title>${STYLE}</head>
<body>
<header><h1 dir="auto">${title}</h1><p class="about" dir="auto">${about}</p></header>
${parts.length > 0 ? parts : html`<p class="about">Nothing has been written in this session yet.</p>`}
</body>
</html>`.text;
}

function structuringHtml(content: Structuring): Html[] {
  return [
    ...textPart("Problem", content.problem),
    ...textPart("Current state", content.current_state),
    ...textPart("Desired solution", content.desired_solution),
    ...listPart("Goals", content.goals),
    ...tablePart(
      "Stakeholders",
      ["Who", "Role", "What matters to them"],
      content.stakeholders.map(({ name, role, interest }) => [name, role, interest]),
    ),
    ...listPart("Constraints", content.constraints),
    ...tablePart(
      "Success measures",
      ["Measure", "Target"],
      content.success_measures.map(({ measure, target }) => [measure, target]),
    ),
  ];
}

function textPart(title: string, text: string): Html[] {
  return text.trim() === "" ? [] : [html`<section><h2>${title}</h2><p dir="auto">${text}</p></section>`];
}

function listPart(title: string, items: readonly { text: string }[]): Html[] {
  const lines = items.filter(({ text }) => text.trim() !== "");
  if (lines.length === 0) return [];
  return [
    html`<section><h2>${title}</h2><ul>${lines.map(({ text }) => html`<li dir="auto">${text}</li>`)}</ul></section>`,
  ];
}

function tablePart(title: string, heads: string[], rows: string[][]): Html[] {
  const filled = rows.filter((cells) => cells.some((cell) => cell.trim() !== ""));
  if (filled.length === 0) return [];
  const head = heads.map((name) => html`<th scope="col">${name}</th>`);
  const body = filled.map((cells) => html`<tr>${cells.map((cell) => html`<td dir="auto">${cell}</td>`)}</tr>`);
  return [
    html`<section><h2>${title}</h2><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></section>`,
  ];
}
