import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import type { Structuring } from "./structuring-contract.ts";

const SECTION = "structuring";

type OfSession = { session: string };
type OfVersion = OfSession & { version: number };
/** A section as the database writes it. */
type Document = { revision: number };

/** The section: `StructuringDocument` as JSON, with its revision. Throws not_found. */
export async function readStructuring(context: Context, { session }: OfSession): Promise<JsonText> {
  return versioned(await askJson(context, "select studio.read_document($1, $2)", [session, SECTION]));
}

/**
 * Saves the section, if it is still at the revision that the caller knows: `StructuringDocument` as JSON. Throws changed_meanwhile with the one
 * that stands there, not_found, and forbidden where the session is open for reading.
 */
export async function saveStructuring(
  context: Context,
  { session, content, revision }: OfSession & { content: Structuring; revision: string | undefined },
): Promise<JsonText> {
  const values = [session, SECTION, JSON.stringify(content), revision ?? null];
  // A refusal must not be kept for the request's key, so it is thrown where that is rolled back.
  const document = await transaction(context, async (tx) => {
    const text = "select studio.save_document($1, $2, $3, $4) as saved";
    const [row] = await tx.query<{ saved: { is_saved: boolean; document: Document } }>(text, values);
    if (!row?.saved.is_saved)
      throw new Problem("changed_meanwhile", {
        detail: "Somebody saved this section since.",
        hint: "Merge what you changed into what it is now, and save it with its revision.",
        current: row?.saved.document,
      });
    return row.saved.document;
  });
  return versioned({ json: JSON.stringify(document) });
}

/** What the section said before, the latest first: `{ items: Version[] }` as JSON. Throws not_found. */
export async function listVersions(context: Context, { session }: OfSession): Promise<JsonText> {
  return askJson(context, "select studio.list_versions($1, $2)", [session, SECTION]);
}

/** Keeps what the section says under a name: `Version` as JSON. Throws not_found, forbidden and conflict. */
export async function nameVersion(
  context: Context,
  { session, name }: OfSession & { name: string },
): Promise<JsonText> {
  return askJson(context, "select studio.name_version($1, $2, $3)", [session, SECTION, name]);
}

/** One version with its content as JSON. Throws not_found. */
export async function readVersion(context: Context, { session, version }: OfVersion): Promise<JsonText> {
  return askJson(context, "select studio.read_version($1, $2, $3)", [session, SECTION, version]);
}

/** Makes a version what the section says: `StructuringDocument` as JSON. Throws not_found and forbidden. */
export async function restoreVersion(context: Context, { session, version }: OfVersion): Promise<JsonText> {
  return versioned(await askJson(context, "select studio.restore_version($1, $2, $3)", [session, SECTION, version]));
}

function versioned({ json }: JsonText): JsonText {
  const { revision } = JSON.parse(json) as Document;
  return { json, version: String(revision) };
}
