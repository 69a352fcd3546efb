/** The words of a mail, cleaned, with the whole address of its link. */
export type Letter = {
  subject: string;
  lines: string[];
  link: { label: string; url: string } | undefined;
  reason: string;
};

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

// Styles stand at the elements, as some readers drop the others; those in the head only turn light into dark.
const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const PARAGRAPH = "margin:0 0 16px;font-size:16px;line-height:1.5;overflow-wrap:anywhere";
const SMALL = "font-size:13px;line-height:1.5;color:#495057;overflow-wrap:anywhere";
const BUTTON =
  "display:inline-block;padding:12px 20px;border-radius:8px;background:#1864ab;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none";
const DARK = `
  :root { color-scheme: light dark; }
  @media (prefers-color-scheme: dark) {
    .page { background: #1a1b1e !important; color: #e9ecef !important; }
    .card { background: #25262b !important; border-color: #373a40 !important; }
    .small { color: #adb5bd !important; }
    .address { color: #74c0fc !important; }
  }`;

/** The HTML part of a mail: a narrow column that needs no image and no script, with everything escaped. */
export function htmlOf({ subject, lines, link, reason }: Letter): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${DARK}
</style>
</head>
<body class="page" style="margin:0;padding:16px;background:#f1f3f5;color:#212529;${FONT}">
<div class="card" style="max-width:480px;margin:0 auto;padding:24px;background:#ffffff;border:1px solid #dee2e6;border-radius:12px">
${lines.map((line) => `<p dir="auto" style="${PARAGRAPH}">${escapeHtml(line)}</p>`).join("\n")}
${link ? linkOf(link) : ""}
<p class="small" dir="auto" style="margin:24px 0 0;${SMALL}">${escapeHtml(reason)}</p>
</div>
</body>
</html>
`;
}

function linkOf({ label, url }: { label: string; url: string }): string {
  const address = escapeHtml(url);
  const target = `href="${address}" target="_blank" rel="noopener noreferrer"`;
  return `<p style="margin:24px 0 16px"><a ${target} style="${BUTTON}">${escapeHtml(label)}</a></p>
<p class="small" style="margin:0;${SMALL}">If the button does not work, open this address:<br>
<a class="address" ${target} style="color:#1864ab;word-break:break-all">${address}</a></p>`;
}

/** Text as it stands in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
