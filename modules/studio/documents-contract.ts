import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { Access, OfSession, Person, SESSION } from "./contract.ts";
import { SavedStructuring, Structuring } from "./structuring-contract.ts";

const STRUCTURING = `${SESSION}/documents/structuring`;
const VERSION_NAME_LENGTH_MAX = 200;
const NUMBER_MAX = 2_147_483_647;
const OfVersion = OfSession.extend({ version: z.coerce.number().int().min(1).max(NUMBER_MAX) });

/** The section `structuring` with its revision, which is its ETag too; 0 where nobody has saved it yet. */
const StructuringDocument = z.object({
  section: z.literal("structuring"),
  content: SavedStructuring,
  revision: z.int(),
  saved_by: Person.nullable(),
  saved_at: z.string().nullable(),
  access: Access,
});

/** What the section said before. */
const Version = z.object({
  number: z.int(),
  name: z.string().nullable(),
  saved_by: Person.nullable(),
  saved_at: z.string(),
});
export type Version = z.infer<typeof Version>;

export const readStructuring = endpoint({
  name: "studio.structuring.read",
  summary: "The section structuring of a session",
  method: "GET",
  path: STRUCTURING,
  access: "studio.session.read",
  params: OfSession,
  answer: StructuringDocument,
  versioned: true,
});

export const saveStructuring = endpoint({
  name: "studio.structuring.save",
  summary:
    "Save the section structuring: with If-Match, only on the revision that it names (otherwise 412 with the one that stands there); what is written over is kept as a version",
  versioned: true,
  method: "PUT",
  path: STRUCTURING,
  access: "studio.session.write",
  params: OfSession,
  body: Structuring,
  answer: StructuringDocument,
  example: { body: { problem: "Guests find no lamp.", goals: [{ id: "g1", text: "Furnish forty rooms" }] } },
});

export const listVersions = endpoint({
  name: "studio.version.browse",
  summary: "What the section structuring said before, the latest first",
  method: "GET",
  path: `${STRUCTURING}/versions`,
  access: "studio.session.read",
  params: OfSession,
  answer: z.object({ items: z.array(Version) }),
});

export const nameVersion = endpoint({
  name: "studio.version.name",
  summary: "Keep what the section structuring says now as a version with a name",
  method: "POST",
  path: `${STRUCTURING}/versions`,
  access: "studio.session.write",
  params: OfSession,
  body: z.strictObject({ name: z.string().trim().min(1, "Give it a name.").max(VERSION_NAME_LENGTH_MAX) }),
  answer: Version,
  example: { body: { name: "As shown to the customer" } },
});

export const readVersion = endpoint({
  name: "studio.version.read",
  summary: "One version of the section structuring with its content",
  method: "GET",
  path: `${STRUCTURING}/versions/:version`,
  access: "studio.session.read",
  params: OfVersion,
  answer: Version.extend({ content: SavedStructuring }),
});

export const restoreVersion = endpoint({
  name: "studio.version.restore",
  summary: "Make a version what the section structuring says, as a new revision; what it said is kept as a version",
  versioned: true,
  method: "POST",
  path: `${STRUCTURING}/versions/:version/restore`,
  access: "studio.session.write",
  params: OfVersion,
  answer: StructuringDocument,
});
