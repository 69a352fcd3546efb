import { Problem } from "../../errors.ts";
import type { JsonText } from "../../http/route.ts";
import type { Context } from "../../tenancy/context.ts";
import { queryRow } from "../../tenancy/transaction.ts";
import { mayRead } from "../held.ts";
import { hasVersion, type Noun } from "../noun.ts";
import { getRow } from "../reading/get.ts";
import { refusing } from "./refusals.ts";
import { type Known, updateStep } from "./statements.ts";

/** Changes the columns given. Throws changed_meanwhile with the row as it is, not_found, and invalid and conflict by field. */
export async function updateRow(context: Context, noun: Noun, known: Known, row: object): Promise<JsonText> {
  refuseVersion(noun, known);
  if (Object.keys(row).length === 0) throw new Problem("invalid", { detail: "Nothing was given to be changed." });
  const step = updateStep(noun, context.organization.id, row, known);
  const [json, version] = await refusing(noun, () => queryRow(context, step, mayRead([noun])));
  if (json) return { json, ...(version && { version }) };
  throw await missing(context, noun, known);
}

/** Throws where the caller names a version of a row that has none. */
export function refuseVersion(noun: Noun, { ifVersion }: Known): void {
  if (ifVersion === undefined || hasVersion(noun)) return;
  throw new Problem("invalid", { errors: [{ field: "If-Match", message: "These rows count no versions." }] });
}

/** Why no row was found in the version that the caller knows: there is none, or it was changed meanwhile. */
export async function missing(context: Context, noun: Noun, known: Known): Promise<Problem> {
  const { json } = await presentRow(context, noun, known);
  return new Problem("changed_meanwhile", {
    detail: "The row is not the one that If-Match names any more.",
    hint: "Look at what it is now, and send the change again with its version.",
    current: JSON.parse(json),
  });
}

/** The row as it is now. It is part of what was not done, so it is not kept for the request's key. */
export function presentRow(context: Context, noun: Noun, { key }: Known): Promise<JsonText> {
  return getRow({ ...context, idempotency: undefined }, noun, key);
}
