import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const UP = 0x01;
const UV = 0x04;
const AT = 0x40;

/** What may be different from a well-behaved authenticator on the right site. */
export type Behaviour = { origin?: string; rpId?: string; verifiesUser?: boolean; count?: number };

/** An authenticator in software, with one passkey (ES256, attestation none), that browsers would speak to. */
export type Authenticator = {
  /** Answers the options of registering, as the browser's JSON. */
  create(options: Record<string, unknown>, behaviour?: Behaviour): object;
  /** Signs a challenge, as the browser's JSON. */
  get(challenge: string, behaviour?: Behaviour): object;
};

/** Makes one for a site such as `https://tenon.example`. It counts its signatures, from one. */
export function newAuthenticator(site: string): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(32);
  const own = { origin: site, rpId: new URL(site).hostname, verifiesUser: true };
  let signatures = 0;

  const clientData = (type: string, challenge: unknown, origin: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authenticatorData = (rpId: string, verifiesUser: boolean, count: number, attested?: Buffer) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    const flags = UP | (verifiesUser ? UV : 0) | (attested ? AT : 0);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.of(flags), counter, attested ?? Buffer.alloc(0)]);
  };
  const credential = (response: object) => {
    const text = id.toString("base64url");
    return { id: text, rawId: text, type: "public-key", response };
  };
  return {
    create: (options, behaviour) => {
      const { origin, rpId, verifiesUser, count = 0 } = { ...own, ...behaviour };
      const { x = "", y = "" } = publicKey.export({ format: "jwk" });
      const cose = cbor(
        new Map<unknown, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(x, "base64url")],
          [-3, Buffer.from(y, "base64url")],
        ]),
      );
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, cose]);
      const authData = authenticatorData(rpId, verifiesUser, count, attested);
      const attestation = new Map<unknown, unknown>([
        ["fmt", "none"],
        ["attStmt", new Map()],
        ["authData", authData],
      ]);
      return credential({
        clientDataJSON: clientData("webauthn.create", options.challenge, origin).toString("base64url"),
        attestationObject: cbor(attestation).toString("base64url"),
        transports: ["internal"],
      });
    },
    get: (challenge, behaviour) => {
      signatures += 1;
      const { origin, rpId, verifiesUser, count = signatures } = { ...own, ...behaviour };
      const data = authenticatorData(rpId, verifiesUser, count);
      const client = clientData("webauthn.get", challenge, origin);
      return credential({
        clientDataJSON: client.toString("base64url"),
        authenticatorData: data.toString("base64url"),
        signature: sign("sha256", Buffer.concat([data, sha256(client)]), privateKey).toString("base64url"),
      });
    },
  };
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** As much of CBOR (RFC 8949) as authenticators speak: whole numbers, bytes, text and maps. */
function cbor(value: unknown): Buffer {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map)
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, part]) => [cbor(key), cbor(part)])]);
  throw new Error("An authenticator says nothing of this kind.");
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.of((major << 5) | count);
  return count < 256 ? Buffer.of((major << 5) | 24, count) : Buffer.of((major << 5) | 25, count >> 8, count & 255);
}
