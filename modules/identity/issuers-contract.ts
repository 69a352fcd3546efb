import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

/** A path on this installation: nothing that a browser takes for another site's address. */
const OwnPath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, "This must be a path on this installation, such as /account.");
const ProviderName = z.object({ provider: z.string().regex(/^[a-z0-9-]{1,40}$/) });

/** Why signing in with a provider did not work out, as `/sign-in?problem=` tells. */
export const SignInProblemCode = z.enum([
  /** The provider, or the person there, said no; or what it said was not right. */
  "provider_refused",
  "provider_unavailable",
  /** The address has an account here: sign in as ever, then link the two. */
  "link_needed",
  "no_account",
  /** The identity is linked to another account. */
  "already_linked",
  /** It took more than ten minutes, was begun in another browser, or is over already. */
  "expired",
  /** To link, the person must be signed in. */
  "signed_out",
  /** To link, the person must have proved lately who they are. */
  "proof_needed",
]);
export type SignInProblemCode = z.infer<typeof SignInProblemCode>;

export const listProviders = endpoint({
  name: "identity.provider.list",
  summary: "Whom one can sign in with",
  method: "GET",
  path: "/api/session/providers",
  access: "anyone",
  limit: "sign_in",
  answer: z.array(z.object({ name: z.string(), label: z.string() })),
});

export const startProvider = endpoint({
  name: "identity.provider.start",
  summary:
    "Send the browser to a provider to sign in, or with link=1 to link it with one's account; then to the path in `to`",
  method: "GET",
  path: "/api/session/providers/:provider/start",
  access: "anyone",
  limit: "sign_in",
  params: ProviderName,
  query: z.object({ to: OwnPath.default("/"), link: z.literal("1").optional() }),
  answerStatus: 302,
});

const Word = z.string().max(8192).optional();

export const finishProvider = endpoint({
  name: "identity.provider.finish",
  summary: "Where a provider sends the browser back to",
  method: "GET",
  path: "/api/session/providers/:provider/callback",
  access: "anyone",
  limit: "sign_in",
  params: ProviderName,
  query: z.object({ code: Word, state: Word, iss: Word, error: Word, error_description: Word }),
  answerStatus: 302,
});

/** Who the person is at another issuer. `email` is what that one told, and proves nothing here. */
export const Identity = z.object({
  id: z.uuid(),
  provider: z.string(),
  label: z.string(),
  subject: z.string(),
  email: z.string().nullable(),
  linked_at: z.string(),
  last_used_at: z.string().nullable(),
});
export type Identity = z.infer<typeof Identity>;

export const listIdentities = endpoint({
  name: "identity.identity.list",
  summary: "Who one is at other issuers",
  method: "GET",
  path: "/api/me/identities",
  access: "person",
  answer: z.object({ items: z.array(Identity) }),
});

export const unlinkIdentity = endpoint({
  name: "identity.identity.unlink",
  summary: "Remove a link with another issuer",
  method: "DELETE",
  path: "/api/me/identities/:identity",
  access: "person",
  params: z.object({ identity: z.uuid() }),
});
