import { isIP } from "node:net";
import { domainToASCII, domainToUnicode } from "node:url";
import { Problem } from "../../kernel/errors.ts";

/** A domain as the DNS knows it, and as people write it where that differs. */
export type DomainName = { domain: string; unicodeName: string | null };

const DOMAIN_LENGTH_MAX = 253;
/** Room for `_tenon-challenge.` in front. */
const CHALLENGE_LENGTH = 17;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);

/**
 * Reads a domain that somebody wrote, with IDNA: letters beyond a to z become xn--. Throws `invalid`, with what is wrong, for
 * an IP address, a single label, and whatever else is no domain.
 */
export function readDomainName(text: string): DomainName {
  const written = text.trim().replace(/\.$/, "");
  const domain = /[\s/@:?#%\\*[\]]/.test(written) ? "" : domainToASCII(written);
  if (isIP(domain) !== 0) throw faulty("This is an IP address.");
  if (domain !== "" && !domain.includes(".")) throw faulty("This has one part only.");
  if (!DOMAIN.test(domain) || domain.length > DOMAIN_LENGTH_MAX - CHALLENGE_LENGTH) throw faulty("This is no domain.");
  const shown = domainToUnicode(domain);
  return { domain, unicodeName: shown === domain ? null : shown };
}

function faulty(message: string): Problem {
  return new Problem("invalid", { errors: [{ field: "domain", message: `${message} Write it as in acme.com.` }] });
}
