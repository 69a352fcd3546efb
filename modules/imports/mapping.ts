import type { Noun } from "../../kernel/nouns/noun.ts";
import { LINE_COLUMN } from "./contract.ts";

/** Below this, two names have little in common. */
const SIMILARITY_MIN = 0.5;

/** Words that mean the same in files of other programs; each line is one thing. */
const SYNONYMS = [
  "email mail emailaddress mailaddress",
  "phone telephone tel mobile cell phonenumber mobilephone",
  "name fullname displayname customername contactname",
  "firstname givenname forename",
  "lastname surname familyname",
  "company organization organisation firm companyname employer",
  "birthday birthdate dateofbirth dob",
  "position jobtitle role",
  "title name subject headline",
  "description summary details",
  "input text question sentence utterance prompt",
  "content text body note notes comment",
  "supportnotes notes comment remarks",
  "price unitprice amount",
  "sku articlenumber itemnumber productcode",
  "status state",
].map((line) => line.split(" "));

/** Which column of the file each column of the noun is likely to come from: equal names first, then those that mean the same or are alike. */
export function proposeMapping(noun: Noun, fileColumns: readonly string[]): Record<string, string> {
  const pairs = noun.creatable.flatMap((column) =>
    fileColumns.map((from) => ({ column, from, score: similarity(plain(column), plain(from)) })),
  );
  const mapping: Record<string, string> = {};
  const taken = new Set<string>();
  for (const { column, from, score } of pairs.sort((a, b) => b.score - a.score)) {
    if (score < SIMILARITY_MIN) break;
    if (column in mapping || taken.has(from)) continue;
    mapping[column] = from;
    taken.add(from);
  }
  return { ...placesIn(noun), ...mapping };
}

/** What only tells the order of rows is in few files: there the line does. */
function placesIn({ creatable, facts }: Noun): Record<string, string> {
  const isPlace = (name: string) => name === "position" && facts.columns[name]?.optional !== true;
  return Object.fromEntries(creatable.filter(isPlace).map((name) => [name, LINE_COLUMN]));
}

/** How alike two names are: 1 where they are equal but for case, spaces and punctuation; 0 where nothing is. */
function similarity(a: string, b: string): number {
  if (a === b) return 1;
  if (SYNONYMS.some((words) => words.includes(a) && words.includes(b))) return 0.9;
  const [pairsOfA, pairsOfB] = [pairsOf(a), pairsOf(b)];
  const common = pairsOfA.filter((pair) => pairsOfB.includes(pair)).length;
  return (0.85 * 2 * common) / Math.max(pairsOfA.length + pairsOfB.length, 1);
}

function plain(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]/gu, "");
}

function pairsOf(text: string): string[] {
  return Array.from({ length: Math.max(text.length - 1, 0) }, (_, place) => text.slice(place, place + 2));
}
