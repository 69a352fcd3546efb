const SLUG_LENGTH_MAX = 56;
const COMBINING_MARKS = /\p{M}+/gu;
const APOSTROPHES = /['’]/g;
const OTHERS = /[^a-z0-9]+/g;

/**
 * A name as it stands in addresses: lower-case letters without accents, digits and hyphens. It leaves room for a tail, and
 * is `organization` when nothing of the name can be written so.
 */
export function slugOf(name: string): string {
  const letters = name.normalize("NFKD").replace(COMBINING_MARKS, "").replace(APOSTROPHES, "").toLowerCase();
  return trimHyphens(trimHyphens(letters.replace(OTHERS, "-")).slice(0, SLUG_LENGTH_MAX)) || "organization";
}

function trimHyphens(text: string): string {
  return text.replace(/^-+|-+$/g, "");
}
