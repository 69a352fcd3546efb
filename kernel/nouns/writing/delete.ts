import { hasState } from "../../database/errors.ts";
import { Problem } from "../../errors.ts";
import type { JsonText } from "../../http/route.ts";
import type { Context } from "../../tenancy/context.ts";
import { queryRow } from "../../tenancy/transaction.ts";
import { mayRead } from "../held.ts";
import type { Noun, Nouns } from "../noun.ts";
import { dependantsOf } from "./dependants.ts";
import { refusing } from "./refusals.ts";
import { deleteStep, type Known, restoreStep } from "./statements.ts";
import { missing, presentRow, refuseVersion } from "./update.ts";

/** Deletes a row, or puts it into the bin. Throws not_found, changed_meanwhile, and conflict with what still depends on it. */
export async function deleteRow(context: Context, noun: Noun, nouns: Nouns, known: Known): Promise<undefined> {
  refuseVersion(noun, known);
  const step = deleteStep(noun, context.organization.id, known);
  const [deleted] = await refusing(noun, async () => {
    try {
      return await queryRow(context, step, mayRead([noun]));
    } catch (error) {
      throw isInUse(error) ? await inUse(context, noun, nouns, known, error) : error;
    }
  });
  if (deleted || (await isInBin(context, noun, known))) return undefined;
  throw await missing(context, noun, known);
}

/** Takes a row out of the bin; one that is not in it stays as it is. Throws not_found and changed_meanwhile. */
export async function restoreRow(context: Context, noun: Noun, known: Known): Promise<JsonText> {
  refuseVersion(noun, known);
  const step = restoreStep(noun, context.organization.id, known);
  const [json, version] = await refusing(noun, () => queryRow(context, step, mayRead([noun])));
  if (json) return { json, ...(version && { version }) };
  const present = await presentRow(context, noun, known);
  if (known.ifVersion === undefined || known.ifVersion === present.version) return present;
  throw await missing(context, noun, known);
}

/** Whether PostgreSQL keeps a row because others name it. */
export function isInUse(error: unknown): boolean {
  return (
    hasState(error, "foreign_key_violation") || (hasState(error, "restrict_violation") && Boolean(error.constraint))
  );
}

/** Deleting what is deleted already changes nothing. */
async function isInBin(context: Context, noun: Noun, known: Known): Promise<boolean> {
  if (!noun.bin) return false;
  const { json, version } = await presentRow(context, noun, known);
  const isKnown = known.ifVersion === undefined || known.ifVersion === version;
  return isKnown && JSON.parse(json)[noun.bin] !== null;
}

async function inUse(context: Context, noun: Noun, nouns: Nouns, { key }: Known, cause: unknown): Promise<Problem> {
  const dependants = await dependantsOf(context, noun, nouns, key);
  const named = dependants
    .map(({ noun: name, count, more }) => `${more ? "more than " : ""}${count} of ${name}`)
    .join(", ");
  return new Problem("conflict", {
    detail: named
      ? `Something still depends on it: ${named}.`
      : "Something that is not shown here still depends on it.",
    hint: "Delete or change that first.",
    dependants,
    cause,
  });
}
