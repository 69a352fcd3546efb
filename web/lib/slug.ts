const SLUG_LENGTH_MAX = 80;
/** Letters that take more than the dropping of an accent. */
const LETTERS: Record<string, string> = { ß: "ss", æ: "ae", ø: "o", đ: "d", ł: "l", œ: "oe", þ: "th", ı: "i" };

/** A name as it stands in addresses: `Größe & Gewicht` becomes `grosse-gewicht`. Empty where no letter is left. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[ßæøđłœþı]/g, (letter) => LETTERS[letter] ?? "")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, SLUG_LENGTH_MAX)
    .replaceAll(/^-+|-+$/g, "");
}
