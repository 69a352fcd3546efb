import type { Services } from "../../kernel/services.ts";

/** Where a look for a proof led. `isThere` is null when no name server answered, which proves nothing either way. */
export type Proof = { isThere: boolean | null; found: string };

const NOTHING_THERE = ["ENOTFOUND", "ENODATA"];
const SHOWN_MAX = 5;
const SHOWN_LENGTH_MAX = 100;

/** The name of the TXT record that proves a domain. */
function challengeName(domain: string): string {
  return `_tenon-challenge.${domain}`;
}

/** Looks for the TXT record that proves a domain; `found` says in a sentence what there was. */
export async function lookUpProof(
  { resolveTxt }: Pick<Services, "resolveTxt">,
  { domain, token }: { domain: string; token: string },
): Promise<Proof> {
  const name = challengeName(domain);
  try {
    const records = (await resolveTxt(name)).map((pieces) => pieces.join(""));
    if (records.includes(`tenon-verification=${token}`))
      return { isThere: true, found: `The record ${name} is there.` };
    const shown = records.slice(0, SHOWN_MAX).map((record) => JSON.stringify(record.slice(0, SHOWN_LENGTH_MAX)));
    return { isThere: false, found: `${name} has TXT records, but not this one: ${shown.join(", ")}.` };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    if (NOTHING_THERE.includes(code)) return { isThere: false, found: `There is no TXT record at ${name}.` };
    return { isThere: null, found: `The name servers gave no answer about ${name} (${code}).` };
  }
}
