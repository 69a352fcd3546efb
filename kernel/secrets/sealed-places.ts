/** A column that holds sealed values. All but `type`s of the key are names and conditions of SQL. */
export type SealedPlace = {
  table: string;
  /** The primary key's columns and their types, in order. */
  key: Record<string, string>;
  sealed: string;
  /** The id of the key that a value is sealed with. */
  keyId: string;
  /** Which rows count. */
  where: string;
};

/** Everything that is kept sealed: what a rotation wraps anew, and what keeps an old key from being dropped. */
export const SEALED_PLACES: readonly SealedPlace[] = [
  {
    table: "kernel.secrets",
    key: { organization_id: "uuid", id: "uuid" },
    sealed: "sealed",
    keyId: "key_id",
    where: "true",
  },
  { table: "kernel.signing_keys", key: { id: "text" }, sealed: "sealed", keyId: "key_id", where: "true" },
  {
    table: "identity.second_factors",
    key: { user_id: "uuid", id: "uuid" },
    sealed: "sealed_seed",
    keyId: "key_id",
    where: "true",
  },
  {
    table: "identity.issuers",
    key: { name: "text" },
    sealed: "sealed_client_secret",
    keyId: "key_id",
    where: "sealed_client_secret is not null",
  },
  {
    table: "tasks.webhook_secrets",
    key: { organization_id: "uuid", endpoint_id: "uuid", id: "uuid" },
    sealed: "sealed",
    keyId: "key_id",
    where: "true",
  },
  {
    table: "assistant.provider_keys",
    key: { organization_id: "uuid", provider: "text" },
    sealed: "sealed",
    keyId: "key_id",
    where: "true",
  },
  {
    // Of a mail that was sent, or never will be, the token is not needed any more.
    table: "kernel.mails",
    key: { id: "uuid" },
    sealed: "sealed_token",
    keyId: "encode(substr(sealed_token, 2, 4), 'hex')",
    where: "sealed_token is not null and status in ('queued', 'kept')",
  },
];
