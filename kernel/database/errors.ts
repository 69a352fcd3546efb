import pg from "pg";

/** The SQLSTATEs that the code acts on, by name. Those from TN001 are raised by kernel.enter(), those from TN010 by verbs. */
export const SQLSTATE = {
  not_signed_in: "TN001",
  no_such_organization: "TN002",
  permission_missing: "TN003",
  stale_hint: "TN004",
  entered_already: "TN005",
  second_factor_needed: "TN006",
  proof_needed: "TN007",
  nothing_there: "TN010",
  in_conflict: "TN011",
  not_valid: "TN012",
  over: "TN013",
  payment_required: "TN014",
  limit_reached: "TN015",
  claim_lost: "TN016",
  key_reused: "TN017",
  lock_not_available: "55P03",
  invalid_password: "28P01",
  query_canceled: "57014",
  insufficient_privilege: "42501",
  not_null_violation: "23502",
  foreign_key_violation: "23503",
  restrict_violation: "23001",
  unique_violation: "23505",
  check_violation: "23514",
  exclusion_violation: "23P01",
  internal_error: "XX000",
} as const;

/** Whether PostgreSQL answered with this state. */
export function hasState(error: unknown, state: keyof typeof SQLSTATE): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code === SQLSTATE[state];
}

/** Whether PostgreSQL could not read a value, or compute with it (SQLSTATE class 22). */
export function isDataException(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code?.startsWith("22") === true;
}
