import { text as readText } from "node:stream/consumers";
import { Command } from "commander";
import type pg from "pg";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { openInstallation } from "../kernel/installation.ts";
import type { Keyring } from "../kernel/secrets/keyring.ts";
import {
  checkIssuer,
  type IssuerSettings,
  type IssuerSummary,
  listIssuers,
  removeIssuer,
  saveIssuer,
} from "../modules/identity/public.ts";

const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
const NAME_FORM = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const ADD_HELP = `
Examples:
  Let people sign in with Google, and make an account for whoever comes:
    tenon provider add google --issuer https://accounts.google.com --label Google \\
      --client-id ID --client-secret - --sign-in --makes-accounts --trusts-email
  Take the access tokens of a sign-in service that your application uses:
    tenon provider add clerk --issuer https://clerk.example.com --accept-tokens --audience tenon

Register this address with the provider: <where people find Tenon>/api/session/providers/<name>/callback
A person is known by the provider's own name for them, never by their e-mail address: who has an account
here links it once, while signed in. Adding a provider that is there replaces its settings.`;

type AddOptions = {
  issuer: string;
  label?: string;
  clientId?: string;
  clientSecret?: string;
  signIn?: true;
  scopes: string;
  makesAccounts?: true;
  trustsEmail?: true;
  acceptTokens?: true;
  audience?: string;
  algorithms: string;
  jwksUri?: string;
  secondFactor?: true;
  check: boolean;
};

/** `tenon provider`: whom people sign in with, and whose access tokens are taken. */
export function providerCommand(): Command {
  return new Command("provider")
    .description("decide whom to trust for signing in")
    .addCommand(addCommand())
    .addCommand(new Command("list").description("list the providers").action(list))
    .addCommand(
      new Command("remove")
        .description("take a provider away; while people are linked to it, it is disabled")
        .argument("<name>", "the provider's name")
        .option("--forget-links", "remove it with the links of everybody: they may have no other way to sign in")
        .action(remove),
    );
}

function addCommand(): Command {
  return new Command("add")
    .description("add an OpenID provider or an issuer of access tokens, or change one")
    .argument("<name>", "its name in addresses: lower-case letters, digits and hyphens")
    .requiredOption("--issuer <url>", "its address, as its tokens name it (iss)")
    .option("--label <text>", "its name for people; else the name")
    .option("--client-id <id>", "what this installation is called there")
    .option(
      "--client-secret <secret>",
      "the secret from there; - reads it from standard input, so that no list shows it",
    )
    .option("--sign-in", "people may sign in with it")
    .option("--scopes <words>", "what is asked for at a sign-in", "openid email profile")
    .option("--makes-accounts", "whoever is unknown gets an account; needs --trusts-email")
    .option("--trusts-email", "an address counts as proved when the provider says so")
    .option("--accept-tokens", "its access tokens are taken as those of the people linked to it; needs --audience")
    .option("--audience <text>", "whom access tokens must be meant for (aud)")
    .option("--algorithms <list>", "the signatures that are accepted, with commas between", "RS256")
    .option("--jwks-uri <url>", "where its public keys are, when it does not tell by itself")
    .option("--second-factor", "a sign-in there counts as one with a second factor")
    .option("--no-check", "save it without asking the provider first")
    .addHelpText("after", ADD_HELP)
    .action(add);
}

async function add(name: string, options: AddOptions): Promise<void> {
  const given = await settingsOf(name, options);
  const fault = faultOf(given);
  if (fault) throw new Error(fault);
  const settings = options.check ? { ...given, issuerUrl: await askIssuer(given) } : given;
  await withOwner((owner, keyring) => saveIssuer(owner, keyring, settings));
  console.log(`The provider ${name} is saved.`);
  if (settings.signIn) {
    const { publicUrl = "<where people find Tenon>" } = readConfig();
    console.log(`Register this address with it: ${publicUrl}/api/session/providers/${name}/callback`);
  }
}

async function settingsOf(name: string, options: AddOptions): Promise<IssuerSettings> {
  const secret = options.clientSecret === "-" ? (await readText(process.stdin)).trim() : options.clientSecret;
  return {
    name,
    issuerUrl: options.issuer,
    label: options.label ?? name,
    signIn: options.signIn ?? false,
    clientId: options.clientId,
    clientSecret: secret || undefined,
    scopes: options.scopes,
    makesAccounts: options.makesAccounts ?? false,
    trustsEmail: options.trustsEmail ?? false,
    acceptsTokens: options.acceptTokens ?? false,
    audience: options.audience,
    algorithms: options.algorithms.split(","),
    jwksUri: options.jwksUri,
    isSecondFactor: options.secondFactor ?? false,
  };
}

/** What the database would refuse, in words that say what to do. */
function faultOf(settings: IssuerSettings): string | undefined {
  const { name, signIn, acceptsTokens, makesAccounts, algorithms } = settings;
  const odd = algorithms.filter((algorithm) => !ALGORITHMS.includes(algorithm));
  const addresses = [settings.issuerUrl, settings.jwksUri].filter((url) => url !== undefined);
  const faults: [boolean, string][] = [
    [!NAME_FORM.test(name), `The name "${name}" may have lower-case letters, digits and hyphens only, 40 at the most.`],
    [!addresses.every(isSafe), "The provider's addresses must begin with https://; http:// is for this machine only."],
    [!signIn && !acceptsTokens, "Say what it is for: --sign-in, --accept-tokens, or both."],
    [signIn && !settings.clientId, "To sign in with it, --client-id is needed: register this installation there."],
    [
      acceptsTokens && !settings.audience,
      "To take its tokens, --audience is needed: those for others must not open Tenon.",
    ],
    [makesAccounts && !(signIn && settings.trustsEmail), "--makes-accounts needs --sign-in and --trusts-email."],
    [odd.length > 0, `${odd.join(", ")} cannot be accepted. Choose from ${ALGORITHMS.join(", ")}.`],
  ];
  return faults.find(([isFault]) => isFault)?.[1];
}

function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}

async function askIssuer(settings: IssuerSettings): Promise<string> {
  try {
    return await checkIssuer(settings);
  } catch (cause) {
    const advice = "Look at the address, or save it unseen with --no-check.";
    throw new Error(`The provider at ${settings.issuerUrl} could not be checked. ${advice}`, { cause });
  }
}

async function list(): Promise<void> {
  const issuers = await withOwner((owner) => listIssuers(owner));
  if (issuers.length === 0) console.log('There is no provider. "tenon provider add --help" says how to add one.');
  for (const issuer of issuers) console.log(lineOf(issuer));
}

function lineOf({ name, issuer_url, linked, algorithms, ...issuer }: IssuerSummary): string {
  const uses = [
    issuer.sign_in && "sign-in",
    issuer.makes_accounts && "makes accounts",
    issuer.accepts_tokens && "access tokens",
    issuer.status === "disabled" && "disabled",
  ].filter(Boolean);
  return `${name.padEnd(16)} ${issuer_url}  ${uses.join(", ")}; ${algorithms.join(", ")}; linked: ${linked}`;
}

async function remove(name: string, { forgetLinks = false }: { forgetLinks?: boolean }): Promise<void> {
  const done = await withOwner((owner) => removeIssuer(owner, name, { forget: forgetLinks }));
  if (!done) throw new Error(`There is no provider "${name}". "tenon provider list" shows those there are.`);
  console.log(
    done === "removed"
      ? `The provider ${name} is removed.`
      : `People are linked to ${name}, so it is disabled and the links are kept. Adding it again brings it back; --forget-links removes both.`,
  );
}

async function withOwner<T>(work: (owner: pg.ClientBase, keyring: Keyring) => Promise<T>): Promise<T> {
  const installation = await openInstallation(readConfig(), console.log);
  try {
    return await withConnection(installation.server.admin, (owner) => work(owner, installation.keyring));
  } finally {
    await installation.close();
  }
}
