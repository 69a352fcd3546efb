/** What proves who is asking: a user session's id and its secret. The id alone opens nothing. */
export type SessionCredential = { kind: "session"; userId: string; sessionId: string; secret: string };

/** What proves which program is asking: an API key's id and its secret, in the one organization that it opens. */
export type KeyCredential = { kind: "api_key"; organizationId: string; keyId: string; secret: string };

export type Credential = SessionCredential | KeyCredential;

/** What lets a worker in: the number of a claim of tasks that it holds, and the task on whose member's behalf it works, if one. */
export type ClaimCredential = { kind: "claim"; token: string; taskId: string | undefined };

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
/** Tenon user session, and Tenon API key. */
const FORMS = { session: tokenForm("tus"), api_key: tokenForm("tak") };

/** The form of a token of ours, which is matched to its two ids and to what follows them: a secret, unless told otherwise. */
export function tokenForm(prefix: string, rest = "([A-Za-z0-9_-]{20,100})"): RegExp {
  return new RegExp(`^${prefix}_(${UUID})_(${UUID})_${rest}$`);
}

/** The token of a credential, as a cookie or behind `Authorization: Bearer`. The ids go with the secret, so that a look-up needs no search. */
export function tokenOf(credential: Credential): string {
  return credential.kind === "session"
    ? `tus_${credential.userId}_${credential.sessionId}_${credential.secret}`
    : `tak_${credential.organizationId}_${credential.keyId}_${credential.secret}`;
}

/** Takes a token of ours apart; undefined when it is none. */
export function parseToken(token: string): Credential | undefined {
  return parseSession(token) ?? parseKey(token);
}

function parseSession(token: string): SessionCredential | undefined {
  const [, userId, sessionId, secret] = FORMS.session.exec(token) ?? [];
  return userId && sessionId && secret ? { kind: "session", userId, sessionId, secret } : undefined;
}

function parseKey(token: string): KeyCredential | undefined {
  const [, organizationId, keyId, secret] = FORMS.api_key.exec(token) ?? [];
  return organizationId && keyId && secret ? { kind: "api_key", organizationId, keyId, secret } : undefined;
}
