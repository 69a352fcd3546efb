/** Why a definer function is for a runtime role to execute, by `schema.function(types) to role`. */
export type Doors = Record<string, string>;

/** Checks the secret of a live session by itself, and then does what its person may do outside of every organization. */
export const PERSON = "Takes the session's own secret, and does what its person may do without an organization.";

/** Checks the secret of a token by itself. */
export const TOKEN = "Takes the token's own secret, which is good for this alone.";
