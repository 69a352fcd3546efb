import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { OfSession, Person, SESSION } from "./contract.ts";
import { SavedStructuring } from "./structuring-contract.ts";

/** What a PDF costs, in credits. */
export const PDF_CREDITS = 1;
const SHARE_TOKEN_LENGTH_MAX = 300;
const SHARE_DAYS_MAX = 365;
/** The sections that can be shared so far. */
const SHARED_SECTIONS = ["structuring"] as const;

const Share = z.object({
  id: z.uuid(),
  sections: z.array(z.string()),
  created_by: Person,
  created_at: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_opened_at: z.string().nullable(),
  /** Whether it still opens something. */
  is_open: z.boolean(),
});
export type Share = z.infer<typeof Share>;

const SharedSection = z.object({ section: z.literal("structuring"), content: SavedStructuring, saved_at: z.string() });

/** What a public link shows. */
const SharedSession = z.object({
  title: z.string(),
  client_name: z.string().nullable(),
  organization: z.string(),
  expires_at: z.string().nullable(),
  sections: z.array(SharedSection),
});
export type SharedSession = z.infer<typeof SharedSession>;

const Export = z.object({
  id: z.uuid(),
  format: z.enum(["pdf", "docx", "markdown", "json"]),
  status: z.enum(["queued", "running", "completed", "failed"]),
  file_name: z.string().nullable(),
  bytes: z.int().nullable(),
  error: z.string().nullable(),
  requested_by: Person,
  created_at: z.string(),
  /** Whether its file is still there: files are kept for a day. */
  is_kept: z.boolean(),
});
export type Export = z.infer<typeof Export>;

const OfShare = OfSession.extend({ share: z.uuid() });
const OfExport = OfSession.extend({ export: z.uuid() });

export const listShares = endpoint({
  name: "studio.share.list",
  summary: "The public links to a session, the latest first (at most 200)",
  method: "GET",
  path: `${SESSION}/shares`,
  access: "studio.session.write",
  params: OfSession,
  answer: z.object({ items: z.array(Share) }),
});

export const makeShare = endpoint({
  name: "studio.share.make",
  summary: "Make a public link to a session, for reading; its token is answered once, and only its hash is kept",
  method: "POST",
  path: `${SESSION}/shares`,
  access: "studio.session.write",
  params: OfSession,
  body: z.strictObject({
    sections: z.array(z.enum(SHARED_SECTIONS)).min(1).max(SHARED_SECTIONS.length).default(["structuring"]),
    /** For how many days it opens the session; null is until it is taken back. */
    days: z.int().min(1).max(SHARE_DAYS_MAX).nullable(),
  }),
  answer: Share.extend({ token: z.string() }),
  answersOnce: true,
  example: { body: { days: 30 } },
});

export const revokeShare = endpoint({
  name: "studio.share.revoke",
  summary: "Take a public link back",
  method: "DELETE",
  path: `${SESSION}/shares/:share`,
  access: "studio.session.write",
  params: OfShare,
});

export const openShare = endpoint({
  name: "studio.share.open",
  summary: "What a public link shows, by the token behind the # of its address",
  method: "POST",
  path: "/api/shared-sessions",
  access: "anyone",
  limit: "sign_in",
  body: z.object({ token: z.string().max(SHARE_TOKEN_LENGTH_MAX) }),
  answer: SharedSession,
  example: { body: { token: "tsh_…" } },
});

export const listExports = endpoint({
  name: "studio.export.browse",
  summary: "The documents made of a session, the latest first (at most 50)",
  method: "GET",
  path: `${SESSION}/exports`,
  access: "studio.session.read",
  params: OfSession,
  answer: z.object({ items: z.array(Export) }),
});

export const startExport = endpoint({
  name: "studio.export.start",
  summary: `Have a PDF made of a session by a task, for ${PDF_CREDITS} credit`,
  method: "POST",
  path: `${SESSION}/exports`,
  access: "studio.session.write",
  params: OfSession,
  answer: Export,
});

export const downloadExport = endpoint({
  name: "studio.export.download",
  summary: "The file of a document made of a session, for a day",
  method: "GET",
  path: `${SESSION}/exports/:export/file`,
  access: "studio.session.read",
  params: OfExport,
  answerMedia: "stream",
  fileTypes: ["application/pdf"],
});
