import { createHash } from "node:crypto";
import type { Example } from "../endpoint.ts";

/** Parameters that are no ids. */
const NAMES: Record<string, string> = { organization: "acme" };

/** The id that stands for a thing of this kind in every example: the same for `member` wherever a member is named. */
export function exampleId(parameter: string): string {
  const digits = createHash("sha256").update(parameter).digest("hex").slice(0, 12);
  return NAMES[parameter] ?? `0198f0c2-7a51-7000-8000-${digits}`;
}

/** The example with ids in the places of `:member` and the like. */
export function fillIn(example: Example, idOf: (parameter: string) => string): Example {
  return JSON.parse(JSON.stringify(example).replace(/":([a-z_]+)"/g, (_, parameter: string) => `"${idOf(parameter)}"`));
}
