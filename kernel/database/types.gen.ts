// Made from the database's catalog by `bin/tenon types`. Do not edit: change a migration and run it again.
import type { ColumnType, GeneratedAlways } from "kysely";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Optional<T> = ColumnType<T, T | undefined, T>;
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type OptionalTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

/** Everything that can be permitted. */
export type Permission =
  | "audit.hold"
  | "audit.read"
  | "key.create"
  | "key.manage"
  | "labeling.label.write"
  | "labeling.project.manage"
  | "labeling.project.read"
  | "labeling.review.write"
  | "member.manage"
  | "member.read"
  | "organization.domain.manage"
  | "organization.own"
  | "organization.read"
  | "organization.support.manage"
  | "organization.tag.write"
  | "organization.update"
  | "role.manage";

export type AuditAuditLogs = {
  /** The organization the change happened in. */
  organization_id: string;
  /** Identifier of the entry. */
  id: Optional<string>;
  /** When the change's transaction began; the partition key. */
  created_at: OptionalTimestamp;
  /** The order in which entries were written. */
  seq: Optional<string>;
  /** The transaction that wrote the entry; readers compare it with snapshots. */
  xid: Optional<string>;
  /** What acted: a user, an API key, a task, or the system itself. */
  actor_kind: string;
  /** The person who acted, or on whose behalf. */
  user_id: Optional<string | null>;
  /** The supporter who acted as that person, if one did. */
  impersonator_id: Optional<string | null>;
  /** The API key it was done with, if it was one. */
  api_key_id: Optional<string | null>;
  /** The operation that the request entered with, such as labeling.task.submit. */
  operation: Optional<string | null>;
  /** What was done to the row. */
  action: string;
  /** The table, with its schema. */
  resource_type: string;
  /** The row's key without the organization; null when details lists many. */
  resource_id: Optional<string | null>;
  /** Changed columns before: secrets masked, large values as hash and size. */
  old_values: Optional<Json | null>;
  /** Changed columns after: secrets masked, large values as hash and size. */
  new_values: Optional<Json | null>;
  /** For a statement over many rows: the ids it touched. */
  details: Optional<Json | null>;
  /** The import that brought the row. */
  import_id: Optional<string | null>;
  /** The address the request came from. */
  ip_address: Optional<string | null>;
  /** The program the request came from. */
  user_agent: Optional<string | null>;
  /** The request, as its answer and the logs name it. */
  request_id: Optional<string | null>;
  /** Keeps anyone from guessing what was erased by its hash: half of it for the values, half for the origin, zeroed with them. */
  salt: Optional<Buffer>;
  /** The hash of the values that were erased; seals go on holding with it. */
  erased_values: Optional<Buffer | null>;
  /** The hash of the address and the program that were erased. */
  erased_origin: Optional<Buffer | null>;
};

export type AuditCursors = {
  /** The consumer's name. */
  consumer: string;
  /** The database cluster that the snapshots belong to; another one after a restore. */
  system_identifier: string;
  /** Everything visible in this snapshot was delivered. */
  seen: string;
  /** What is visible in this snapshot, and not in seen, is being delivered. */
  reading: string;
  /** The seq delivered last in this window. */
  position: string;
  /** The highest seq in this window. */
  window_end: string;
  /** What was restored from another cluster ends at this seq; transaction ids mean something only behind it. */
  base: Optional<string>;
};

export type AuditErasures = {
  /** Identifier. */
  id: Optional<string>;
  /** Whether it is a person or an organization. */
  kind: string;
  /** The id of whom; the record keeps it too. */
  subject_id: string;
  /** When it began. */
  started_at: OptionalTimestamp;
  /** When the last row was gone. */
  finished_at: NullableTimestamp;
  /** How many rows were erased, by table. */
  counts: Optional<Json>;
  /** The organizations in whose record the person's traces are still to be erased. */
  organizations: Optional<string[]>;
  /** The entry of the record up to which that was done. */
  position: Optional<string>;
};

export type AuditLegalHolds = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Why, such as the number of a case. */
  reason: string;
  /** The member who placed it. */
  placed_by: string;
  /** Since when nothing is erased. */
  placed_at: OptionalTimestamp;
  /** The member who lifted it. */
  released_by: Optional<string | null>;
  /** Until when it stood. */
  released_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AuditRetention = {
  /** The organization. */
  organization_id: string;
  /** After so many days the values of an entry are erased; null keeps them for ever. */
  audit_days: Optional<number | null>;
  /** The entry up to which that was done. */
  expired_to: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AuditSealCandidates = {
  /** There is one row at most. */
  only_row: Optional<boolean>;
  /** The database cluster that the transaction id belongs to; another one after a restore. */
  system_identifier: string;
  /** The last seq that had been handed out. */
  last_seq: string;
  /** Whoever was handed one has an older transaction id than this. */
  horizon: string;
};

export type AuditSeals = {
  /** The seals' own count, from 1 without a gap. */
  id: string;
  /** It holds the entries behind this seq … */
  from_seq: string;
  /** … up to this one. */
  to_seq: string;
  /** How many entries it holds. */
  entries: number;
  /** For each entry its seq and the first 8 bytes of its hash: tells which entry it is that changed. */
  digests: Buffer;
  /** The hash of the seal before; zeros at the first. */
  previous_hash: Buffer;
  /** SHA-256 of the hash before, the count, the range, and the hashes of the entries by seq. */
  hash: Buffer;
  /** HMAC-SHA256 of all this under a key derived from the installation's, which is not in the database. */
  signature: Buffer;
  /** The installation's key it is signed with. */
  key_id: string;
  /** The database cluster that it was made in. */
  system_identifier: string;
  /** When it was made. */
  sealed_at: Timestamp;
};

export type DatasetsDatasetItems = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The dataset it belongs to. */
  dataset_id: string;
  /** Its place in the dataset, from 1. */
  position: string;
  /** The text. */
  input: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type DatasetsDatasets = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project it was made for. */
  project_id: Optional<string | null>;
  /** Name as people write it. */
  name: string;
  /** What is asked about its items. */
  task_type: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type IdentityChallenges = {
  /** SHA-256 of the challenge. */
  hash: Buffer;
  /** Who adds a passkey; nobody yet where one is to sign in. */
  user_id: Optional<string | null>;
  /** Adding a passkey, or showing one. */
  purpose: string;
  /** When it was made. */
  created_at: OptionalTimestamp;
  /** Until when it is good. */
  expires_at: Timestamp;
};

export type IdentityCredentials = {
  /** Whose password it is. */
  user_id: string;
  /** Random salt. */
  password_salt: Buffer;
  /** argon2id of the password; it never leaves the database. */
  password_hash: Buffer;
  /** argon2id memory in KiB. */
  memory_kib: number;
  /** argon2id passes. */
  passes: number;
  /** argon2id lanes. */
  parallelism: number;
  /** When the password was set. */
  password_changed_at: OptionalTimestamp;
};

export type IdentityExternalIdentities = {
  /** The issuer. */
  issuer: string;
  /** The issuer's name for the person (sub): with the issuer, all that a link is made of. */
  subject: string;
  /** Identifier. */
  id: Optional<string>;
  /** The person here. */
  user_id: string;
  /** The address the issuer told last. It is shown, and links nothing. */
  email: Optional<string | null>;
  /** When it was linked. */
  linked_at: OptionalTimestamp;
  /** When the person last signed in with it, or showed a new token. */
  last_used_at: NullableTimestamp;
};

export type IdentityInstallation = {
  /** There is one row. */
  only_row: Optional<boolean>;
  /** Makes up the salts of addresses that have no account. */
  decoy_secret: Buffer;
};

export type IdentityIssuers = {
  /** Name in addresses and commands. */
  name: string;
  /** The issuer as its tokens name it (iss). Without encryption only on this machine. */
  issuer_url: string;
  /** Name that people read: sign in with …. */
  label: string;
  /** Whether people may sign in with it. */
  sign_in: Optional<boolean>;
  /** What this installation is called there. */
  client_id: Optional<string | null>;
  /** The client's secret, sealed; opened outside of the database only. Null for a public client. */
  sealed_client_secret: Optional<Buffer | null>;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string | null>;
  /** What is asked for when somebody signs in. */
  scopes: Optional<string>;
  /** Whether whoever is unknown here gets an account by signing in. */
  makes_accounts: Optional<boolean>;
  /** Whether an address counts as proved here when the issuer says so. */
  trusts_email: Optional<boolean>;
  /** Whether its access tokens are taken as those of the people linked to it. */
  accepts_tokens: Optional<boolean>;
  /** Whom an access token must be meant for (aud). */
  audience: Optional<string | null>;
  /** The signatures that are taken, and no other; none with a shared secret. */
  algorithms: Optional<string[]>;
  /** Where its public keys are, when its own description does not tell. */
  jwks_uri: Optional<string | null>;
  /** Whether a sign-in there counts as one with a second factor. */
  is_second_factor: Optional<boolean>;
  /** A disabled one lets nobody in; its links are kept. */
  status: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type IdentityLockouts = {
  /** Whose account. */
  user_id: string;
  /** Failures since the last success. */
  failed_attempts: Optional<number>;
  /** When the last one was. */
  last_failed_at: NullableTimestamp;
  /** Until then even the right password is refused. */
  locked_until: NullableTimestamp;
};

export type IdentityOneTimeTokens = {
  /** Whose account it is about. */
  user_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What it lets its holder do, such as reset_password. */
  purpose: string;
  /** SHA-256 of the secret in the mail. */
  secret_hash: Buffer;
  /** What the purpose needs, such as the new address. */
  data: Optional<Json>;
  /** When it was made. */
  created_at: OptionalTimestamp;
  /** Until when it is good. */
  expires_at: Timestamp;
  /** When it was used up. */
  used_at: NullableTimestamp;
};

export type IdentityPasskeys = {
  /** Whose passkey it is. */
  user_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What the person calls it. */
  name: string;
  /** The authenticator's name for it, base64url. */
  credential_id: string;
  /** Its public key (COSE). */
  public_key: Buffer;
  /** The authenticator's counter: one that falls back tells of a copy. */
  sign_count: Optional<string>;
  /** How a browser reaches the authenticator. */
  transports: Optional<string[]>;
  /** When it was added. */
  created_at: OptionalTimestamp;
  /** When it was last used. */
  last_used_at: NullableTimestamp;
};

export type IdentityPendingSignIns = {
  /** Who signs in. */
  user_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** SHA-256 of the secret that was handed out. */
  secret_hash: Buffer;
  /** The first factor. */
  method: string;
  /** When the first factor was right. */
  created_at: OptionalTimestamp;
  /** Until when the second one may follow. */
  expires_at: Timestamp;
};

export type IdentityPlatformRoles = {
  /** The person. */
  user_id: string;
  /** What they do. */
  role: string;
  /** Since when. */
  granted_at: OptionalTimestamp;
};

export type IdentityRecoveryCodes = {
  /** Whose code it is. */
  user_id: string;
  /** SHA-256 of the code. */
  code_hash: Buffer;
  /** When it was made. */
  created_at: OptionalTimestamp;
  /** When it was used up. */
  used_at: NullableTimestamp;
};

export type IdentitySecondFactors = {
  /** Whose factor it is. */
  user_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What the person calls it. */
  name: string;
  /** The seed, sealed; opened outside of the database only. */
  sealed_seed: Buffer;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string>;
  /** The time step of the last code taken: none is taken twice. */
  last_step: Optional<string>;
  /** When it was set up. */
  created_at: OptionalTimestamp;
  /** When a first code proved that it works; it counts from then on. */
  confirmed_at: NullableTimestamp;
  /** When it was last used. */
  last_used_at: NullableTimestamp;
};

export type IdentitySignUps = {
  /** Identifier. */
  id: Optional<string>;
  /** Address that is to be proved. */
  email: string;
  /** The address in lower case, as with people. */
  email_key: GeneratedAlways<string>;
  /** Name of the person. */
  name: string;
  /** Name of the organization to be made with the account. */
  organization_name: string;
  /** The organization's name in addresses, if it is still free then; shorter than a slug may be, so that a tail fits. */
  slug: string;
  /** SHA-256 of the secret in the mail. */
  secret_hash: Buffer;
  /** When it was asked for. */
  created_at: OptionalTimestamp;
  /** Until when the address may be proved. */
  expires_at: Timestamp;
  /** When the account was made. */
  used_at: NullableTimestamp;
};

export type IdentityUserEvents = {
  /** Identifier. */
  id: Optional<string>;
  /** Whose account; null where an address had none. */
  user_id: Optional<string | null>;
  /** What happened, such as signed_in or sign_in_failed. */
  kind: string;
  /** How: method, session, reason; never an address or a secret. */
  details: Optional<Json>;
  /** When. */
  created_at: OptionalTimestamp;
  /** From where. */
  ip_address: Optional<string | null>;
  /** With which program. */
  user_agent: Optional<string | null>;
  /** In which request. */
  request_id: Optional<string | null>;
};

export type IdentityUserSessions = {
  /** Who is signed in, or is acted for. */
  user_id: string;
  /** Identifier; opens nothing without the secret. */
  id: Optional<string>;
  /** A browser's cookie, an access token that is refreshed, another issuer's token, or a supporter in a member's place. */
  kind: string;
  /** SHA-256 of the secret in the person's token. */
  secret_hash: Buffer;
  /** SHA-256 of the refresh token that is valid now. */
  refresh_hash: Optional<Buffer | null>;
  /** How many times the session was refreshed; every refresh token carries its number. */
  refresh_counter: Optional<string>;
  /** When it was last refreshed. */
  refreshed_at: NullableTimestamp;
  /** Whether more than a password was shown. */
  second_factor: Optional<boolean>;
  /** When the person last proved who they are; what is delicate asks for it anew. */
  proved_at: OptionalTimestamp;
  /** When the person signed in. */
  created_at: OptionalTimestamp;
  /** When the session was last used, to a few minutes. */
  last_seen_at: OptionalTimestamp;
  /** When the session ends by itself unless it is used; use moves it on. */
  expires_at: Timestamp;
  /** When the session ends however much it is used. */
  ends_at: Timestamp;
  /** When it was ended early. */
  revoked_at: NullableTimestamp;
  /** Why it was ended early. */
  revoked_reason: Optional<string | null>;
  /** The supporter who acts in the person's place. */
  impersonator_id: Optional<string | null>;
  /** The only organization that this session opens. */
  only_organization_id: Optional<string | null>;
  /** Where the person signed in from. */
  ip_address: Optional<string | null>;
  /** The program the person signed in with. */
  user_agent: Optional<string | null>;
  /** Whose token opened it, when it is another issuer's. */
  issuer: Optional<string | null>;
};

export type IdentityUsers = {
  /** Identifier. */
  id: Optional<string>;
  /** E-mail address as the person writes it. */
  email: string;
  /** The address in lower case: unique, and found by an index under any collation. */
  email_key: GeneratedAlways<string>;
  /** When the person proved to read mail at this address; null after a change until proved again. */
  email_verified_at: NullableTimestamp;
  /** A name without spaces that the person chose. */
  username: Optional<string | null>;
  /** A person signs in; a service has API keys only. */
  kind: Optional<string>;
  /** Name as shown to colleagues; one word is a name too. */
  full_name: string;
  /** Given name, where the person gave one. */
  first_name: Optional<string | null>;
  /** Family name, where the person gave one. */
  last_name: Optional<string | null>;
  /** Address of the picture. */
  avatar_url: Optional<string | null>;
  /** IANA time zone. */
  timezone: Optional<string>;
  /** BCP 47 language tag. */
  locale: Optional<string>;
  /** Free-form profile. */
  profile_data: Optional<Json>;
  /** Theme and other choices of the person. */
  preferences: Optional<Json>;
  /** Only an active person gets in. */
  status: Optional<string>;
  /** When the person last signed in. */
  last_login_at: NullableTimestamp;
  /** When the person last did anything, to a few minutes. */
  last_active_at: NullableTimestamp;
  /** When the account was deleted; it is erased after the grace period. */
  deleted_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type KernelKeys = {
  /** The first eight hexadecimal digits of the key's SHA-256. */
  id: string;
  /** When the key was first used here. */
  created_at: OptionalTimestamp;
};

export type KernelMails = {
  /** Identifier; the Message-ID is made of it. */
  id: Optional<string>;
  /** Address it goes to. */
  recipient: string;
  /** Which mail it is. */
  template: string;
  /** What the template is filled with; no secret. */
  data: Optional<Json>;
  /** The secret in its link, sealed; gone once it was sent. */
  sealed_token: Optional<Buffer | null>;
  /** queued until sent; kept where no server is configured; failed after the last try; discarded when there was nobody to write to. */
  status: Optional<string>;
  /** How often sending was tried. */
  attempts: Optional<number>;
  /** When it is tried again, or taken to be lost by the worker that claimed it. */
  next_attempt_at: OptionalTimestamp;
  /** What the mail server answered last. */
  last_error: Optional<string | null>;
  /** When it was queued. */
  created_at: OptionalTimestamp;
  /** When the mail server took it. */
  sent_at: NullableTimestamp;
};

export type KernelMigrations = {
  /** Its place in the order. */
  number: number;
  /** Its file. */
  name: string;
  /** SHA-256 of the file as it was applied. */
  checksum: string;
  /** When it was applied. */
  applied_at: OptionalTimestamp;
  /** How long it took, in milliseconds. */
  duration_ms: number;
};

export type KernelSecrets = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What it is for; part of what the seal proves. */
  name: string;
  /** The sealed value, with the id of its key. */
  sealed: Buffer;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type KernelSigningKeys = {
  /** The key's name in tokens (kid): its RFC 7638 thumbprint. */
  id: string;
  /** The public key as JWK. */
  public_key: Json;
  /** The private key as JWK, sealed. */
  sealed: Buffer;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string>;
  /** When it was made; it is published from then on. */
  created_at: OptionalTimestamp;
  /** From when it signs: later than it is published, so that whoever caches keys has it in time. */
  signs_from: Timestamp;
  /** From when what it signed is refused. */
  retired_at: NullableTimestamp;
};

export type LabelingAssignments = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The task's project. */
  project_id: string;
  /** The task. */
  task_id: string;
  /** The task's place in the queue. */
  position: string;
  /** Which of the task's labels it is, from 1. */
  slot: number;
  /** The labeler who holds it or has labeled it. */
  user_id: Optional<string | null>;
  /** Open to everyone, held by a labeler, or how the label in it stands. */
  status: Optional<string>;
  /** Until when it is held; after that anyone may take it, but for a rejected one, which stays its labeler's. */
  lease_expires_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingChoices = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project. */
  project_id: string;
  /** Its place in the set, from 1. */
  position: number;
  /** What the label says. */
  name: string;
  /** The single key that gives it, where it has one. */
  key: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingConfigurations = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The project. */
  project_id: string;
  /** The dataset that is labeled. */
  dataset_id: string;
  /** What labelers are told. */
  instructions: Optional<string>;
  /** How many people label each text that is added from now on. */
  overlap: Optional<number>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingLabelRevisions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The label. */
  label_id: string;
  /** Which submission it was, from 1. */
  revision: number;
  /** What the label said, in the words of that time. */
  label: string;
  /** How long the labeler had taken by then, in milliseconds. */
  lead_time_ms: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingLabels = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project. */
  project_id: string;
  /** The slot it fills. */
  assignment_id: string;
  /** The labeler. */
  user_id: string;
  /** What the text was labeled as. */
  choice_id: string;
  /** Waits for a review, or how the review went. */
  status: Optional<string>;
  /** Counts how often it was submitted. */
  revision: Optional<number>;
  /** Counts how often it was rejected. */
  rework: Optional<number>;
  /** The latest decision, which stands until the next one. */
  decision: Optional<string | null>;
  /** How long the labeler took, all revisions together, in milliseconds. */
  lead_time_ms: Optional<string>;
  /** When it was submitted last. */
  submitted_at: OptionalTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingProjectFigures = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The project. */
  project_id: string;
  /** The project's own id in the row that labeling changes; each statement that adds tasks adds another row. */
  part: Optional<string>;
  /** Tasks. */
  total: Optional<string>;
  /** Tasks that nobody holds. */
  pending: Optional<string>;
  /** Tasks that are being labeled. */
  in_progress: Optional<string>;
  /** Tasks of which every label is in, and some wait for a review. */
  submitted: Optional<string>;
  /** Tasks of which enough labels are approved. */
  approved: Optional<string>;
  /** Tasks of which a label was rejected and did not come back yet. */
  rejected: Optional<string>;
  /** Labels whose latest decision is an approval. */
  labels_approved: Optional<string>;
  /** Labels whose latest decision is a rejection. */
  labels_rejected: Optional<string>;
  /** Rejections. */
  rejections: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingReviews = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The label. */
  label_id: string;
  /** The label's revision that was judged; each is judged once. */
  revision: number;
  /** Whose label it is; nobody judges their own. */
  labeler_id: string;
  /** Who decided. */
  reviewer_id: string;
  /** What was decided. */
  decision: string;
  /** Why; a rejection has one. */
  reason: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingTasks = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project. */
  project_id: string;
  /** The item. */
  item_id: string;
  /** Its place in the project's queue. */
  position: string;
  /** How many people label it. */
  overlap: Optional<number>;
  /** Kept by trigger, out of the task's assignments: approved when enough labels are. */
  status: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsApiKeyScopes = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The key. */
  key_id: string;
  /** What it may do. */
  permission: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsApiKeys = {
  /** The organization that it opens, and no other. */
  organization_id: string;
  /** Identifier; opens nothing without the secret. */
  id: Optional<string>;
  /** The member it acts as. */
  user_id: string;
  /** What it is for. */
  name: string;
  /** SHA-256 of the secret. */
  secret_hash: Buffer;
  /** How the secret begins, so that its holder can tell keys apart. */
  secret_prefix: string;
  /** SHA-256 of the secret before the last rotation. */
  old_secret_hash: Optional<Buffer | null>;
  /** Until when the old secret is good too. */
  old_secret_until: NullableTimestamp;
  /** From where it may be used; empty means from anywhere. */
  allowed_addresses: Optional<string[]>;
  /** The member who made it. */
  created_by: string;
  /** When it ends by itself. */
  expires_at: Timestamp;
  /** When it was last used, to a few minutes. */
  last_used_at: NullableTimestamp;
  /** When it was ended early. */
  revoked_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsDomains = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The domain as the DNS knows it: lower case, other letters than a to z as xn--. */
  domain: string;
  /** The same domain as people write it, where that differs. */
  unicode_name: Optional<string | null>;
  /** What the TXT record must hold; public once it is there. */
  token: string;
  /** request: a member approves who joins; join: they join at once. */
  mode: Optional<string>;
  /** The role that joiners get. */
  role_id: string;
  /** The member who added it. */
  created_by: string;
  /** Since when the ownership is proved; null before, and after the record was gone for a week. */
  verified_at: NullableTimestamp;
  /** When the record was last looked for. */
  last_checked_at: NullableTimestamp;
  /** Since when the record of a proved domain is gone. */
  missing_since: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsInvitationRoles = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The invitation. */
  invitation_id: string;
  /** The role. */
  role_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsInvitations = {
  /** The organization to join. */
  organization_id: string;
  /** Identifier; opens nothing without the secret. */
  id: Optional<string>;
  /** The address that was invited, and the only one that may accept. */
  email: string;
  /** The address in lower case. */
  email_key: GeneratedAlways<string>;
  /** SHA-256 of the secret in the mail that was sent last. */
  secret_hash: Buffer;
  /** What the inviter wrote to the invited person. */
  message: Optional<string | null>;
  /** The member who invited; the invitation is good while they might still invite. */
  invited_by: string;
  /** Until when it can be accepted. */
  expires_at: Timestamp;
  /** When it was accepted. */
  accepted_at: NullableTimestamp;
  /** The member who came of it. */
  accepted_by: Optional<string | null>;
  /** When it was taken back, or gave way to a new one after it had expired. */
  revoked_at: NullableTimestamp;
  /** How often it was sent. */
  sent_count: Optional<number>;
  /** When it was last sent. */
  last_sent_at: OptionalTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsJoinRequests = {
  /** The organization to join. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The person who asks. */
  user_id: string;
  /** The domain of their address; it says which role they would get. */
  domain_id: string;
  /** open until a member decided, or the person joined in another way. */
  status: Optional<string>;
  /** The member who decided. */
  decided_by: Optional<string | null>;
  /** When. */
  decided_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsMemberRoles = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The member. */
  user_id: string;
  /** The role. */
  role_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsMemberships = {
  /** The organization. */
  organization_id: string;
  /** The person. */
  user_id: string;
  /** A person, or a service that acts through API keys. */
  kind: Optional<string>;
  /** Only an active member gets in; who leaves is kept as left. */
  status: Optional<string>;
  /** Grants and denials of this member beside the roles; a denial wins. */
  permissions: Optional<Json>;
  /** Kept by trigger: each permission held, with the widest scope it is held in. */
  effective_permissions: Optional<Json>;
  /** The person's name, kept by trigger. */
  display_name: string;
  /** The name in lower case, by which members are listed and found. */
  name_key: GeneratedAlways<string>;
  /** The person's address, kept by trigger. */
  email: string;
  /** The person's picture, kept by trigger. */
  avatar_url: Optional<string | null>;
  /** What the member wants to be told, and how. */
  notification_settings: Optional<Json>;
  /** When the person joined. */
  joined_at: OptionalTimestamp;
  /** When the person left. */
  left_at: NullableTimestamp;
  /** When the person last worked here. */
  last_active_at: NullableTimestamp;
  /** The member who invited the person. */
  invited_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsOrganizations = {
  /** Identifier; organization_id everywhere else. */
  id: Optional<string>;
  /** Name as people write it. */
  name: string;
  /** Name in addresses: lower-case letters, digits, hyphens. */
  slug: string;
  /** What the organization does. */
  description: Optional<string | null>;
  /** Address of the logo. */
  logo_url: Optional<string | null>;
  /** Colours of the brand. */
  brand_colors: Optional<Json>;
  /** Postal address. */
  address: Optional<Json>;
  /** IANA time zone of its days and months. */
  timezone: Optional<string>;
  /** ISO 4217 currency its figures are shown in. */
  currency: Optional<string>;
  /** Free-form settings. */
  settings: Optional<Json>;
  /** Preferred models and caps. */
  ai_preferences: Optional<Json>;
  /** Limits and features that differ from the plan's. */
  usage_limits: Optional<Json>;
  /** Whether only sessions with a second factor may enter. */
  second_factor_required: Optional<boolean>;
  /** Only an active organization can be entered. */
  status: Optional<string>;
  /** When it was deleted; it is erased after the grace period. */
  deleted_at: NullableTimestamp;
  /** Who made it; nobody makes more than a few. */
  founded_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
  /** Why the operator suspended it. */
  suspended_reason: Optional<string | null>;
};

export type OrganizationsPermissions = {
  /** Module, noun and operation, such as labeling.task.assign. */
  name: string;
  /** What it lets a person do. */
  description: string;
};

export type OrganizationsPublicDomains = {
  /** The domain; what is below a mail provider's counts too. */
  domain: string;
  /** Whether people get addresses there, or register names below it. */
  kind: string;
};

export type OrganizationsRolePermissions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The role. */
  role_id: string;
  /** What it permits. */
  permission: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsRoleTemplatePermissions = {
  /** The built-in role. */
  role: string;
  /** What it permits. */
  permission: string;
};

export type OrganizationsRoleTemplates = {
  /** Name of the role. */
  name: string;
  /** Whose rows its holders see: all, their own, or their customer's. */
  scope: string;
  /** Who should hold it. */
  description: string;
};

export type OrganizationsRoles = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Name of the role. */
  name: string;
  /** Whose rows its holders see: all, their own, or their customer's. */
  scope: Optional<string>;
  /** The built-in role it was copied from. */
  template: Optional<string | null>;
  /** Who should hold it. */
  description: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsSlugHistory = {
  /** The organization that owns the row. */
  organization_id: string;
  /** What its slug was. */
  slug: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsSupportGrants = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The member who let support in. */
  granted_by: string;
  /** What support is wanted for. */
  reason: string;
  /** When it ends by itself, and every visit with it. */
  expires_at: Timestamp;
  /** When it was ended early. */
  revoked_at: NullableTimestamp;
  /** The member who ended it early. */
  revoked_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsSupportVisits = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The consent that it rests on. */
  grant_id: string;
  /** The member in whose place the supporter acted. */
  member_id: string;
  /** The supporter, who is no member. */
  supporter_id: string;
  /** The supporter's name at the time. */
  supporter_name: string;
  /** What the supporter wanted there. */
  reason: string;
  /** The session that was opened for it. */
  session_id: string;
  /** When it began. */
  started_at: OptionalTimestamp;
  /** When it ends by itself. */
  ends_at: Timestamp;
  /** When it was ended early. */
  ended_at: NullableTimestamp;
  /** Why it was ended early. */
  end_reason: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsTags = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The word. */
  name: string;
  /** The word in lower case: unique in the organization. */
  name_key: GeneratedAlways<string>;
  /** Colour as #rrggbb. */
  color: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsTagsSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  name: GeneratedAlways<string | null>;
  name_key: GeneratedAlways<string | null>;
  color: GeneratedAlways<string | null>;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type OrganizationsVerifiedDomains = {
  /** The domain as the DNS knows it. */
  domain: string;
  /** The domain as people write it, where that differs. */
  unicode_name: Optional<string | null>;
  /** The organization. */
  holder_id: string;
};

export type ProjectsProjects = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Client work, or labeling, which has its configuration in labeling.configurations. */
  kind: Optional<string>;
  /** Name as people write it. */
  name: string;
  /** What it is about; for labeling, what labelers are told. */
  description: Optional<string>;
  /** Where the project stands. */
  status: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

/** Every table and view, by its name in SQL. */
export type Tables = {
  "audit.audit_logs": AuditAuditLogs;
  "audit.cursors": AuditCursors;
  "audit.erasures": AuditErasures;
  "audit.legal_holds": AuditLegalHolds;
  "audit.retention": AuditRetention;
  "audit.seal_candidates": AuditSealCandidates;
  "audit.seals": AuditSeals;
  "datasets.dataset_items": DatasetsDatasetItems;
  "datasets.datasets": DatasetsDatasets;
  "identity.challenges": IdentityChallenges;
  "identity.credentials": IdentityCredentials;
  "identity.external_identities": IdentityExternalIdentities;
  "identity.installation": IdentityInstallation;
  "identity.issuers": IdentityIssuers;
  "identity.lockouts": IdentityLockouts;
  "identity.one_time_tokens": IdentityOneTimeTokens;
  "identity.passkeys": IdentityPasskeys;
  "identity.pending_sign_ins": IdentityPendingSignIns;
  "identity.platform_roles": IdentityPlatformRoles;
  "identity.recovery_codes": IdentityRecoveryCodes;
  "identity.second_factors": IdentitySecondFactors;
  "identity.sign_ups": IdentitySignUps;
  "identity.user_events": IdentityUserEvents;
  "identity.user_sessions": IdentityUserSessions;
  "identity.users": IdentityUsers;
  "kernel.keys": KernelKeys;
  "kernel.mails": KernelMails;
  "kernel.migrations": KernelMigrations;
  "kernel.secrets": KernelSecrets;
  "kernel.signing_keys": KernelSigningKeys;
  "labeling.assignments": LabelingAssignments;
  "labeling.choices": LabelingChoices;
  "labeling.configurations": LabelingConfigurations;
  "labeling.label_revisions": LabelingLabelRevisions;
  "labeling.labels": LabelingLabels;
  "labeling.project_figures": LabelingProjectFigures;
  "labeling.reviews": LabelingReviews;
  "labeling.tasks": LabelingTasks;
  "organizations.api_key_scopes": OrganizationsApiKeyScopes;
  "organizations.api_keys": OrganizationsApiKeys;
  "organizations.domains": OrganizationsDomains;
  "organizations.invitation_roles": OrganizationsInvitationRoles;
  "organizations.invitations": OrganizationsInvitations;
  "organizations.join_requests": OrganizationsJoinRequests;
  "organizations.member_roles": OrganizationsMemberRoles;
  "organizations.memberships": OrganizationsMemberships;
  "organizations.organizations": OrganizationsOrganizations;
  "organizations.permissions": OrganizationsPermissions;
  "organizations.public_domains": OrganizationsPublicDomains;
  "organizations.role_permissions": OrganizationsRolePermissions;
  "organizations.role_template_permissions": OrganizationsRoleTemplatePermissions;
  "organizations.role_templates": OrganizationsRoleTemplates;
  "organizations.roles": OrganizationsRoles;
  "organizations.slug_history": OrganizationsSlugHistory;
  "organizations.support_grants": OrganizationsSupportGrants;
  "organizations.support_visits": OrganizationsSupportVisits;
  "organizations.tags": OrganizationsTags;
  "organizations.tags_search": OrganizationsTagsSearch;
  "organizations.verified_domains": OrganizationsVerifiedDomains;
  "projects.projects": ProjectsProjects;
};
