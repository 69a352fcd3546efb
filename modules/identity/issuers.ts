import type pg from "pg";
import { seal, unseal } from "../../kernel/secrets/envelope.ts";
import type { Keyring } from "../../kernel/secrets/keyring.ts";
import { askGate, type Caller } from "../../kernel/tenancy/gate.ts";

/** What a server must know of an issuer, in the columns of `identity.issuers`. */
export type Issuer = {
  name: string;
  /** As the issuer's tokens name it (`iss`), to the letter. */
  issuer_url: string;
  client_id: string | null;
  sealed_client_secret: Buffer | null;
  scopes: string;
  audience: string | null;
  algorithms: string[];
  jwks_uri: string | null;
  updated_at: Date;
};

/** What an operator decides about an issuer. */
export type IssuerSettings = {
  name: string;
  issuerUrl: string;
  label: string;
  signIn: boolean;
  clientId: string | undefined;
  /** Undefined for a public client. */
  clientSecret: string | undefined;
  scopes: string;
  makesAccounts: boolean;
  trustsEmail: boolean;
  acceptsTokens: boolean;
  audience: string | undefined;
  algorithms: string[];
  jwksUri: string | undefined;
  isSecondFactor: boolean;
};

/** An issuer as the operator sees it. */
export type IssuerSummary = {
  name: string;
  label: string;
  issuer_url: string;
  sign_in: boolean;
  accepts_tokens: boolean;
  makes_accounts: boolean;
  algorithms: string[];
  status: "active" | "disabled";
  /** How many people are linked to it. */
  linked: number;
};

/** Whom people may sign in with. */
export async function listProviders(caller: Caller): Promise<{ name: string; label: string }[]> {
  const [row] = await askGate<{ sign_in_providers: { name: string; label: string }[] }>(
    caller,
    "identity.sign_in_providers",
  );
  return row?.sign_in_providers ?? [];
}

/** The issuer of this name that people may sign in with; undefined when there is none. */
export async function findProvider(caller: Caller, name: string): Promise<Issuer | undefined> {
  const [issuer] = await askGate<Issuer>(caller, "identity.sign_in_provider", [name]);
  return issuer;
}

/** The issuer whose access tokens name it so and are taken here; undefined when there is none. */
export async function findTokenIssuer(caller: Caller, issuerUrl: string): Promise<Issuer | undefined> {
  const [issuer] = await askGate<Issuer>(caller, "identity.token_issuer", [issuerUrl]);
  return issuer;
}

/** The secret of this installation at an issuer; undefined for a public client. Throws a SecretError as `unseal` does. */
export function clientSecretOf(keyring: Keyring, { name, sealed_client_secret }: Issuer): string | undefined {
  return sealed_client_secret ? unseal(keyring, sealed_client_secret, placeOf(name)).toString() : undefined;
}

function placeOf(name: string): string {
  return `identity.issuers.sealed_client_secret/${name}`;
}

/**
 * Adds an issuer, or changes the one of this name, as the database's owner; its tokens are then checked anew within a minute.
 * Throws when the name is that of an issuer at another address: the links of people would go over to it.
 */
export async function saveIssuer(owner: pg.ClientBase, keyring: Keyring, settings: IssuerSettings): Promise<void> {
  const { clientSecret } = settings;
  const { rowCount } = await owner.query(
    `insert into identity.issuers as i (name, issuer_url, label, sign_in, client_id, sealed_client_secret, scopes, makes_accounts,
       trusts_email, accepts_tokens, audience, algorithms, jwks_uri, is_second_factor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (name) do update set label = excluded.label, sign_in = excluded.sign_in, client_id = excluded.client_id,
       sealed_client_secret = excluded.sealed_client_secret, scopes = excluded.scopes, makes_accounts = excluded.makes_accounts,
       trusts_email = excluded.trusts_email, accepts_tokens = excluded.accepts_tokens, audience = excluded.audience,
       algorithms = excluded.algorithms, jwks_uri = excluded.jwks_uri, is_second_factor = excluded.is_second_factor, status = 'active'
     where i.issuer_url = excluded.issuer_url`,
    [
      settings.name,
      settings.issuerUrl,
      settings.label,
      settings.signIn,
      settings.clientId,
      clientSecret === undefined ? null : seal(keyring, clientSecret, placeOf(settings.name)),
      settings.scopes,
      settings.makesAccounts,
      settings.trustsEmail,
      settings.acceptsTokens,
      settings.audience,
      settings.algorithms,
      settings.jwksUri,
      settings.isSecondFactor,
    ],
  );
  if (rowCount !== 1)
    throw new Error(
      `There is a provider "${settings.name}" at another address, and people are known by its name. Choose another name.`,
    );
  await endTokensOf(owner, settings.name);
}

/** Every issuer, with how many people are linked to it. */
export async function listIssuers(owner: pg.ClientBase): Promise<IssuerSummary[]> {
  const { rows } = await owner.query<IssuerSummary>(
    `select i.name, i.label, i.issuer_url, i.sign_in, i.accepts_tokens, i.makes_accounts, i.algorithms, i.status,
       (select count(*)::integer from identity.external_identities e where e.issuer = i.name) as linked
     from identity.issuers i order by i.name`,
  );
  return rows;
}

/**
 * Takes an issuer away, as the database's owner, and ends what its tokens opened. While people are linked to it, and `forget`
 * does not say otherwise, it is disabled and the links are kept. Resolves with what was done, or undefined when there is none.
 */
export async function removeIssuer(
  owner: pg.ClientBase,
  name: string,
  { forget }: { forget: boolean },
): Promise<"disabled" | "removed" | undefined> {
  const removed = await owner.query(
    `delete from identity.issuers i where i.name = $1
       and ($2 or not exists (select from identity.external_identities e where e.issuer = i.name))`,
    [name, forget],
  );
  if (removed.rowCount === 1) return "removed";
  const disabled = await owner.query("update identity.issuers set status = 'disabled' where name = $1", [name]);
  await endTokensOf(owner, name);
  return disabled.rowCount === 1 ? "disabled" : undefined;
}

/** A token that is still good opens a session anew; one that its person has ended stays so. */
async function endTokensOf(owner: pg.ClientBase, name: string): Promise<void> {
  await owner.query("delete from identity.user_sessions where issuer = $1 and revoked_at is null", [name]);
}
