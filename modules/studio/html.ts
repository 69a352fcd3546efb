/** A piece of HTML that is safe to be put into another. */
export type Html = { readonly text: string };

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** HTML of a template: what is put in is escaped, unless it is HTML itself; of lists the pieces follow each other. */
export function html(texts: TemplateStringsArray, ...values: (string | Html | readonly Html[])[]): Html {
  return raw(texts.map((text, index) => text + textOf(values[index] ?? "")).join(""));
}

/** Text that is HTML already: only for what is written in the code. */
export function raw(text: string): Html {
  return { text };
}

function textOf(value: string | Html | readonly Html[]): string {
  if (typeof value === "string") return value.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
  return "text" in value ? value.text : value.map(({ text }) => text).join("");
}
