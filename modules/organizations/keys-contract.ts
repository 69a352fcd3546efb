import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const ORGANIZATION = "/api/organizations/:organization";
const KEYS = `${ORGANIZATION}/keys`;
const SERVICES = `${ORGANIZATION}/services`;

const KEY_SCOPES_MAX = 100;
const KEY_DAYS_MAX = 365;
const KEY_DAYS_DEFAULT = 90;
const KEY_OVERLAP_HOURS_MAX = 7 * 24;
const ADDRESSES_MAX = 50;
const ROLES_MAX = 50;

const InOrganization = z.object({ organization: z.string() });
const OfKey = z.object({ organization: z.string(), key: z.uuid() });
const OfService = z.object({ organization: z.string(), service: z.uuid() });

const Named = z.object({ id: z.uuid(), name: z.string() });
const Name = z.string().trim().min(1).max(100);
/** Addresses and networks, as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32. None means from anywhere. */
const Addresses = z.array(z.string().trim().min(2).max(50)).max(ADDRESSES_MAX);

/** An API key, without its secret. `effective_scopes` are those that its member holds too, so that they work now. */
export const Key = z.object({
  id: z.uuid(),
  name: z.string(),
  /** How the secret begins. */
  secret_prefix: z.string(),
  /** Whom the key acts as. */
  member: Named.extend({ kind: z.enum(["person", "service"]) }),
  scopes: z.array(z.string()),
  effective_scopes: z.array(z.string()),
  allowed_addresses: z.array(z.string()),
  created_at: z.string(),
  created_by: Named,
  expires_at: z.string(),
  /** To a few minutes; null means never. */
  last_used_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  /** Until when the secret before the last rotation is good too. */
  old_secret_until: z.string().nullable(),
  /** `member_inactive`: the member is suspended, or gone; the key works again when the member does. */
  status: z.enum(["live", "expired", "revoked", "member_inactive"]),
});
export type Key = z.infer<typeof Key>;

export const listKeys = endpoint({
  name: "organizations.key.list",
  summary: "One's own API keys; with key.manage, everybody's",
  method: "GET",
  path: KEYS,
  access: "key.create",
  params: InOrganization,
  query: z.object({
    /** Only live keys that were not used for so many days, or never since they were made so long ago. */
    unused_for_days: z.coerce.number().int().min(0).max(KEY_DAYS_MAX).optional(),
  }),
  answer: z.object({ items: z.array(Key) }),
});

const NewKey = z.object({
  name: Name,
  /** Permissions, as `labeling.task.claim`: no more than the maker has, and no more than the member has at any time. */
  scopes: z.array(z.string().max(100)).min(1).max(KEY_SCOPES_MAX),
  expires_in_days: z.int().min(1).max(KEY_DAYS_MAX).default(KEY_DAYS_DEFAULT),
  allowed_addresses: Addresses.default([]),
  /** A service that the key acts as; without it the key acts as its maker. */
  member: z.uuid().optional(),
});

export const createKey = endpoint({
  name: "organizations.key.create",
  summary: "Make an API key; its token is shown only now",
  method: "POST",
  path: KEYS,
  access: "key.create",
  params: InOrganization,
  body: NewKey,
  answer: z.object({ id: z.uuid(), token: z.string(), expires_at: z.string() }),
  example: { body: { name: "Example", scopes: ["organization.read"] } },
  answersOnce: true,
});

export const readCurrentKey = endpoint({
  name: "organizations.key.current",
  summary: "What the API key of this request is",
  method: "GET",
  path: `${KEYS}/current`,
  access: "organization.read",
  params: InOrganization,
  answer: Key,
});

export const changeKey = endpoint({
  name: "organizations.key.update",
  summary: "Rename an API key, or change from where it may be used",
  method: "PATCH",
  path: `${KEYS}/:key`,
  access: "key.create",
  params: OfKey,
  body: z
    .object({ name: Name.optional(), allowed_addresses: Addresses.optional() })
    .refine((change) => Object.keys(change).length > 0, "Give a name or allowed_addresses."),
  example: { body: { name: "Another name" } },
});

export const rotateKey = endpoint({
  name: "organizations.key.rotate",
  summary: "Give an API key a new secret; the old one is good for a while yet",
  method: "POST",
  path: `${KEYS}/:key/rotation`,
  access: "key.create",
  params: OfKey,
  body: z.object({ overlap_hours: z.int().min(0).max(KEY_OVERLAP_HOURS_MAX) }),
  answer: z.object({
    id: z.uuid(),
    token: z.string(),
    expires_at: z.string(),
    old_secret_until: z.string().nullable(),
  }),
  example: { body: { overlap_hours: 1 } },
  answersOnce: true,
});

export const revokeKey = endpoint({
  name: "organizations.key.revoke",
  summary: "End an API key at once",
  method: "DELETE",
  path: `${KEYS}/:key`,
  access: "key.create",
  params: OfKey,
});

export const listServices = endpoint({
  name: "organizations.service.list",
  summary: "The service members: who acts through API keys only",
  method: "GET",
  path: SERVICES,
  access: "key.manage",
  params: InOrganization,
  answer: z.object({
    items: z.array(
      Named.extend({ status: z.string(), created_at: z.string(), roles: z.array(Named), live_keys: z.int() }),
    ),
  }),
});

export const createService = endpoint({
  name: "organizations.service.create",
  summary: "Make a service member",
  method: "POST",
  path: SERVICES,
  access: "key.manage",
  params: InOrganization,
  /** `roles` are ids of roles that permit no more than the maker may. */
  body: z.object({ name: Name, roles: z.array(z.uuid()).max(ROLES_MAX).default([]) }),
  answer: z.object({ id: z.uuid() }),
  example: { body: { name: "Example" } },
});

export const removeService = endpoint({
  name: "organizations.service.remove",
  summary: "Remove a service member; its keys end",
  method: "DELETE",
  path: `${SERVICES}/:service`,
  access: "key.manage",
  params: OfService,
});
