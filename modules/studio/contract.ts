import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const ORGANIZATION = "/api/organizations/:organization";
const OPEN_SESSIONS = `${ORGANIZATION}/studio/open-sessions`;
const OPEN_SESSION = `${OPEN_SESSIONS}/:session`;
/** What a session has stands below it. */
export const SESSION = `${ORGANIZATION}/studio/sessions/:session`;

const TITLE_LENGTH_MAX = 300;
const CLIENT_NAME_LENGTH_MAX = 200;
const TAGS_MAX = 20;
/** How long one listens to a session before one comes back. */
const LISTENED_SECONDS_MAX = 3_600;

const InOrganization = z.object({ organization: z.string() });
export const OfSession = z.object({ organization: z.string(), session: z.uuid() });
const OfPerson = OfSession.extend({ member: z.uuid() });

export const Person = z.object({ id: z.uuid(), name: z.string() });
/** `own` is also what whoever may change everybody's sessions has. */
export const Access = z.enum(["own", "write", "read"]);
export type Access = z.infer<typeof Access>;
const SESSION_TYPES = ["solution", "template", "workshop", "other"] as const;

/** A session as whoever asks sees it. `touched_at` is when somebody last wrote something in it. */
export const Session = z.object({
  id: z.uuid(),
  title: z.string(),
  client_name: z.string().nullable(),
  session_type: z.enum(SESSION_TYPES),
  is_template: z.boolean(),
  access: Access,
  owner: Person,
  tags: z.array(z.object({ id: z.uuid(), name: z.string(), color: z.string().nullable() })),
  /** To whom it is open beside whose it is. */
  people: z.array(Person.extend({ may_write: z.boolean() })),
  created_at: z.string(),
  touched_at: z.string(),
  deleted_at: z.string().nullable(),
});
export type Session = z.infer<typeof Session>;

const Title = z.string().trim().min(1, "Give it a title.").max(TITLE_LENGTH_MAX);
const ClientName = z.string().trim().max(CLIENT_NAME_LENGTH_MAX).nullable();
const Tags = z.array(z.uuid()).max(TAGS_MAX);

const NewSession = z.strictObject({
  title: Title,
  client_name: ClientName.optional(),
  session_type: z.enum(SESSION_TYPES).optional(),
  is_template: z.boolean().optional(),
  tags: Tags.optional(),
});
export type NewSession = z.infer<typeof NewSession>;
const SessionChanges = NewSession.partial().refine(
  (changes) => Object.values(changes).some((value) => value !== undefined),
  "Nothing was given to be changed.",
);
export type SessionChanges = z.infer<typeof SessionChanges>;

/** Which sessions are listed: theirs and those opened to them, one of both, templates, the bin, or everybody's. */
export const WHICH_SESSIONS = ["open", "own", "shared", "templates", "bin", "all"] as const;
export type WhichSessions = (typeof WHICH_SESSIONS)[number];

export const browseSessions = endpoint({
  name: "studio.session.browse",
  summary: "The sessions that are open to whoever asks, what was touched last first (at most 200)",
  method: "GET",
  path: OPEN_SESSIONS,
  access: "studio.session.read",
  params: InOrganization,
  query: z.object({
    /** `all` shows everybody's, and nothing without the permission to see them. */
    which: z.enum(WHICH_SESSIONS).default("open"),
    /** A part of the title or the customer's name. */
    search: z.string().trim().max(TITLE_LENGTH_MAX).optional(),
    tag: z.uuid().optional(),
  }),
  answer: z.object({ items: z.array(Session) }),
});

export const startSession = endpoint({
  name: "studio.session.start",
  summary: "Begin a session of one's own",
  method: "POST",
  path: OPEN_SESSIONS,
  access: "studio.session.write",
  params: InOrganization,
  body: NewSession,
  answer: Session,
  example: { body: { title: "Forty rooms for the hotel", client_name: "Hotel Fjordblick" } },
});

export const readSession = endpoint({
  name: "studio.session.read",
  summary: "One session that is open to whoever asks",
  method: "GET",
  path: OPEN_SESSION,
  access: "studio.session.read",
  params: OfSession,
  answer: Session,
});

export const duplicateSession = endpoint({
  name: "studio.session.duplicate",
  summary: "Begin a session of one's own as a copy of a template or of a session, with all its sections and tags",
  method: "POST",
  path: `${SESSION}/duplicate`,
  access: "studio.session.write",
  params: OfSession,
  body: NewSession,
  answer: Session,
  example: { body: { title: "Forty more rooms" } },
});

export const changeSession = endpoint({
  name: "studio.session.change",
  summary: "Rename a session, or change its customer's name, kind or tags; whose it is makes it a template",
  method: "PATCH",
  path: OPEN_SESSION,
  access: "studio.session.write",
  params: OfSession,
  body: SessionChanges,
  answer: Session,
  example: { body: { title: "Forty rooms and a bar" } },
});

export const followSession = endpoint({
  name: "studio.session.follow",
  summary:
    "Hear that a session or a section of it changes, as it happens: events change, and reset when some were missed",
  method: "GET",
  path: `${SESSION}/events`,
  access: "studio.session.read",
  params: OfSession,
  query: z.object({
    /** How long to listen at most. */
    seconds: z.coerce.number().int().min(0).max(LISTENED_SECONDS_MAX).default(LISTENED_SECONDS_MAX),
  }),
  answer: z.object({
    operation: z.string().nullable(),
    action: z.enum(["insert", "update", "delete"]),
    resource: z.object({ type: z.string(), id: z.string().nullable() }),
    actor: z.object({ kind: z.enum(["user", "api_key", "task", "system"]), user_id: z.uuid().nullable() }),
  }),
  answerMedia: "events",
  example: { query: { seconds: "0" } },
});

export const openToPerson = endpoint({
  name: "studio.person.set",
  summary: "Open a session of one's own to a member, to read it or to write in it too",
  method: "PUT",
  path: `${SESSION}/people/:member`,
  access: "studio.session.write",
  params: OfPerson,
  body: z.strictObject({ may_write: z.boolean() }),
  answer: Session,
  example: { body: { may_write: true } },
});

export const closeToPerson = endpoint({
  name: "studio.person.remove",
  summary: "Close a session of one's own to a member",
  method: "DELETE",
  path: `${SESSION}/people/:member`,
  access: "studio.session.write",
  params: OfPerson,
  answer: Session,
});

export const binSession = endpoint({
  name: "studio.session.put_away",
  summary: "Put a session of one's own into the bin",
  method: "DELETE",
  path: OPEN_SESSION,
  access: "studio.session.write",
  params: OfSession,
  answer: Session,
});

export const takeOutSession = endpoint({
  name: "studio.session.take_out",
  summary: "Take a session of one's own out of the bin",
  method: "POST",
  path: `${OPEN_SESSION}/restore`,
  access: "studio.session.write",
  params: OfSession,
  answer: Session,
});
