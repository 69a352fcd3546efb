const PERSON = "It is about a person, whatever organizations the person belongs to.";

/** Every table that belongs to no organization, with why. */
export const GLOBAL_TABLES: Record<string, string> = {
  "audit.erasures": "It tells of people and organizations that are gone.",
  "audit.seal_candidates": "The record is sealed across organizations.",
  "audit.seals": "The record is sealed across organizations.",
  "audit.cursors": "A consumer reads the record of all organizations.",
  "identity.credentials": PERSON,
  "identity.installation": "It holds the one secret of the installation.",
  "identity.lockouts": PERSON,
  "identity.one_time_tokens": PERSON,
  "identity.passkeys": PERSON,
  "identity.pending_sign_ins": PERSON,
  "identity.platform_roles": PERSON,
  "identity.recovery_codes": PERSON,
  "identity.second_factors": PERSON,
  "identity.user_events": PERSON,
  "identity.user_sessions": PERSON,
  "identity.users": PERSON,
  "kernel.keys": "The keys are the installation's.",
  "kernel.mails": "Mail goes to people, of whom some belong to no organization yet.",
  "kernel.migrations": "Migrations change the database as a whole.",
  "kernel.signing_keys": "The keys are the installation's.",
  "organizations.organizations": "It is the tenant itself.",
  "organizations.permissions": "What can be permitted is the same everywhere.",
  "organizations.role_template_permissions": "The built-in roles are the same everywhere.",
  "organizations.role_templates": "The built-in roles are the same everywhere.",
};
