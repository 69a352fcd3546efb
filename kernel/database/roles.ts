/** What each database role is for is told in docs/architecture.md. */
type RoleAttributes = {
  /** Whether the role logs in; the others only own things. */
  login: boolean;
  /** Whether row-level security leaves it alone. */
  bypass: boolean;
  /** Longest statement, longest wait for a lock, longest pause inside a transaction; milliseconds. */
  statement_timeout_ms?: number;
  lock_timeout_ms?: number;
  idle_timeout_ms?: number;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const REQUEST = {
  login: true,
  bypass: false,
  statement_timeout_ms: 30 * SECOND,
  lock_timeout_ms: 5 * SECOND,
  idle_timeout_ms: 5 * SECOND,
} as const;

export const ROLES = {
  owner: { login: false, bypass: true },
  definer: { login: false, bypass: true },
  reader: { login: false, bypass: true },
  gate: REQUEST,
  member: REQUEST,
  own: REQUEST,
  client: REQUEST,
  steward: REQUEST,
  public: REQUEST,
  worker: { ...REQUEST, statement_timeout_ms: 10 * MINUTE, idle_timeout_ms: 30 * SECOND },
  dispatcher: { ...REQUEST, statement_timeout_ms: MINUTE },
  loader: { ...REQUEST, bypass: true, statement_timeout_ms: 60 * MINUTE, idle_timeout_ms: MINUTE },
} as const satisfies Record<string, RoleAttributes>;

export type Role = keyof typeof ROLES;

/** A role that a process logs in as; it owns nothing and creates nothing. */
export type RuntimeRole = { [R in Role]: (typeof ROLES)[R]["login"] extends true ? R : never }[Role];

export const ROLE_NAMES = Object.keys(ROLES) as Role[];
export const RUNTIME_ROLES = ROLE_NAMES.filter((role): role is RuntimeRole => ROLES[role].login);

/** Settings of a role, as `alter role … set` takes them. */
export function roleSettings(attributes: RoleAttributes): Record<string, string> {
  if (!attributes.login) return {};
  return {
    search_path: "",
    TimeZone: "UTC",
    jit: "off",
    default_transaction_isolation: "read committed",
    statement_timeout: `${attributes.statement_timeout_ms}ms`,
    lock_timeout: `${attributes.lock_timeout_ms}ms`,
    idle_in_transaction_session_timeout: `${attributes.idle_timeout_ms}ms`,
    client_connection_check_interval: "2s",
  };
}

const PREFIX_FORM = /^[a-z_][a-z0-9_]{0,40}$/;

/**
 * The first part of the roles' names. Roles belong to the whole cluster, so it is the database's name unless one is given.
 * Throws when the name could not stand in an SQL text as it is.
 */
export function rolePrefix(database: string, given: string | undefined): string {
  const prefix = given ?? database;
  if (PREFIX_FORM.test(prefix)) return prefix;
  throw new Error(
    `The database roles cannot be named after "${prefix}". Set TENON_ROLES to a name of lower-case letters, digits and underscores, at most 41 long.`,
  );
}

/** The full name of a role: `roleName("tenon", "member")` is `tenon_member`. */
export function roleName(prefix: string, role: Role): string {
  return `${prefix}_${role}`;
}

const PLACEHOLDER = new RegExp(`\\btenon_(${ROLE_NAMES.join("|")})\\b`, "g");

/** Puts an installation's role names into an SQL text, where the roles stand as `tenon_member` and so on. */
export function withRoleNames(sql: string, prefix: string): string {
  return prefix === "tenon" ? sql : sql.replace(PLACEHOLDER, (_, role: Role) => roleName(prefix, role));
}

/**
 * Which functions of pg_catalog no runtime role may call, as a condition on pg_proc: a context that can be set can be forged; and nobody
 * ends another's work, reads another's statement, holds locks that others wait for, or leaves behind what no policy covers.
 */
export const CLOSED_FUNCTIONS = `(
  p.pronamespace = 'pg_catalog'::regnamespace
  and (p.proname ~ '^(lo_.+|loread|lowrite|pg_(try_)?advisory_(xact_)?lock(_shared)?)$'
       or p.proname in ('set_config', 'pg_terminate_backend', 'pg_cancel_backend', 'pg_stat_get_activity', 'pg_stat_get_backend_activity',
                        'pg_logical_emit_message'))
)`;
