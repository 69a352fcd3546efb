import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { TokenPair } from "./tokens-contract.ts";

const Base64Url = z
  .string()
  .max(100_000)
  .regex(/^[A-Za-z0-9_-]*$/, "This is not base64url.");
const FactorName = z.string().trim().min(1).max(100);
const Code = z.string().min(6).max(20);
const Options = z.record(z.string(), z.unknown());
const RecoveryCodes = z.array(z.string()).nullable();

/** What the browser answers when it made a passkey, and when it showed one. */
const NewPasskey = z.object({
  id: Base64Url.min(16).max(1400),
  rawId: Base64Url.max(1400),
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z.array(z.string().max(50)).max(10).default([]),
  }),
});
const ShownPasskey = z.object({
  challenge: Base64Url.max(100),
  response: z.object({
    id: Base64Url.min(16).max(1400),
    rawId: Base64Url.max(1400),
    type: z.literal("public-key"),
    response: z.object({
      clientDataJSON: Base64Url,
      authenticatorData: Base64Url,
      signature: Base64Url,
    }),
  }),
});

const ShownFactor = z.object({
  code: Code.optional(),
  recovery_code: z.string().min(1).max(100).optional(),
  passkey: ShownPasskey.optional(),
});
const ONE_FACTOR = "Send a code, a recovery_code or a passkey: one of the three.";
const isOneFactor = (shown: z.infer<typeof ShownFactor>) =>
  [shown.code, shown.recovery_code, shown.passkey].filter((part) => part !== undefined).length === 1;

/** How to go on: with the browser's cookie, for which `tokens` is null, or with tokens. */
const As = z.enum(["browser", "token"]).default("browser");
const Opened = z.object({ tokens: TokenPair.nullable() });

const Factor = z.object({
  id: z.uuid(),
  name: z.string(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
});

export const readFactors = endpoint({
  name: "identity.factor.list",
  summary: "One's second factors, and how many recovery codes are left",
  method: "GET",
  path: "/api/me/factors",
  access: "person",
  answer: z.object({ totp: z.array(Factor), passkeys: z.array(Factor), recovery_codes: z.number().int() }),
});

export const addTotp = endpoint({
  name: "identity.totp.add",
  summary: "Set an authenticator app up; it counts once it is confirmed",
  method: "POST",
  path: "/api/me/factors/totp",
  access: "person",
  body: z.object({ name: FactorName }),
  answer: z.object({ id: z.uuid(), secret: z.string(), uri: z.string() }),
  example: { body: { name: "Phone" } },
});

export const confirmTotp = endpoint({
  name: "identity.totp.confirm",
  summary: "Confirm an authenticator app by a code; the first factor brings recovery codes, shown once",
  method: "POST",
  path: "/api/me/factors/totp/:factor/confirmation",
  access: "person",
  params: z.object({ factor: z.uuid() }),
  body: z.object({ code: Code }),
  answer: z.object({ recovery_codes: RecoveryCodes }),
  example: { body: { code: "000000" } },
});

export const removeTotp = endpoint({
  name: "identity.totp.remove",
  summary: "Take an authenticator app away",
  method: "DELETE",
  path: "/api/me/factors/totp/:factor",
  access: "person",
  params: z.object({ factor: z.uuid() }),
});

export const renewRecoveryCodes = endpoint({
  name: "identity.recovery_code.renew",
  summary: "Get ten new recovery codes, shown once; the old ones are void",
  method: "POST",
  path: "/api/me/recovery-codes",
  access: "person",
  answer: z.object({ recovery_codes: z.array(z.string()) }),
});

export const startPasskey = endpoint({
  name: "identity.passkey.start",
  summary: "Begin to add a passkey: the options for the browser",
  method: "POST",
  path: "/api/me/passkeys/options",
  access: "person",
  answer: Options,
});

export const addPasskey = endpoint({
  name: "identity.passkey.add",
  summary: "Add the passkey that the browser made",
  method: "POST",
  path: "/api/me/passkeys",
  access: "person",
  body: z.object({ name: FactorName, response: NewPasskey }),
  answer: z.object({ id: z.uuid(), recovery_codes: RecoveryCodes }),
  example: {
    body: {
      name: "Laptop",
      response: {
        id: "AAAAAAAAAAAAAAAAAAAAAA",
        rawId: "AAAAAAAAAAAAAAAAAAAAAA",
        type: "public-key",
        response: { clientDataJSON: "e30", attestationObject: "AA" },
      },
    },
  },
});

export const renamePasskey = endpoint({
  name: "identity.passkey.rename",
  summary: "Give a passkey another name",
  method: "PATCH",
  path: "/api/me/passkeys/:passkey",
  access: "person",
  params: z.object({ passkey: z.uuid() }),
  body: z.object({ name: FactorName }),
  example: { body: { name: "Laptop" } },
});

export const removePasskey = endpoint({
  name: "identity.passkey.remove",
  summary: "Take a passkey away",
  method: "DELETE",
  path: "/api/me/passkeys/:passkey",
  access: "person",
  params: z.object({ passkey: z.uuid() }),
});

export const startPasskeySignIn = endpoint({
  name: "identity.session.passkey_options",
  summary: "Begin to show a passkey: the options for the browser",
  method: "POST",
  path: "/api/session/passkey/options",
  access: "anyone",
  limit: "sign_in",
  answer: z.object({ options: Options, challenge: z.string() }),
});

export const signInWithPasskey = endpoint({
  name: "identity.session.open_with_passkey",
  summary: "Sign in with a passkey",
  method: "POST",
  path: "/api/session/passkey",
  access: "anyone",
  limit: "sign_in",
  body: ShownPasskey.extend({ as: As }),
  answer: Opened,
  example: {
    body: {
      challenge: "AA",
      response: {
        id: "AAAAAAAAAAAAAAAAAAAAAA",
        rawId: "AAAAAAAAAAAAAAAAAAAAAA",
        type: "public-key",
        response: { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA" },
      },
    },
  },
});

export const finishSignIn = endpoint({
  name: "identity.session.finish",
  summary: "Finish a sign-in that waits for its second factor",
  method: "POST",
  path: "/api/session/second-factor",
  access: "anyone",
  limit: "sign_in",
  body: ShownFactor.extend({ pending: z.string().min(1).max(300), as: As }).refine(isOneFactor, ONE_FACTOR),
  answer: Opened,
  example: { body: { pending: "tsp_nothing", code: "000000" } },
});

export const proveSecondFactor = endpoint({
  name: "identity.session.prove_second_factor",
  summary: "Prove once more who one is, by a second factor",
  method: "POST",
  path: "/api/session/proof/second-factor",
  access: "person",
  limit: "sign_in",
  body: ShownFactor.refine(isOneFactor, ONE_FACTOR),
  example: { body: { code: "000000" } },
});
