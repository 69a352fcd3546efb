import type { Deprecation } from "./endpoint.ts";

/** The headers by which an endpoint tells that it goes (RFC 9745, RFC 8594), and what to call instead. */
export function deprecationHeaders({ since, sunset, instead }: Deprecation): Record<string, string> {
  return {
    deprecation: `@${Date.parse(since) / 1000}`,
    ...(sunset && { sunset: new Date(sunset).toUTCString() }),
    ...(instead && { link: `</api/docs?operation=${encodeURIComponent(instead)}>; rel="successor-version"` }),
  };
}
