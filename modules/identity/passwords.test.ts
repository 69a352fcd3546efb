import assert from "node:assert/strict";
import { argon2Sync } from "node:crypto";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { TooBusyError } from "../../kernel/concurrency.ts";
import {
  derivePasswordHash,
  describePasswordFault,
  newPasswordParameters,
  PASSWORD_BYTES_MAX,
  PASSWORD_PARAMETERS_CURRENT,
  type PasswordParameters,
} from "./passwords.ts";

const CHEAP: PasswordParameters = { salt: Buffer.alloc(16, 7), memory_kib: 8, passes: 1, parallelism: 1 };
const hashHex = async (password: string, parameters = CHEAP) =>
  (await derivePasswordHash(password, parameters)).toString("hex");

test("the argon2id at hand is that of RFC 9106, section 5.3", () => {
  const tag = argon2Sync("argon2id", {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
    parallelism: 4,
    memory: 32,
    passes: 3,
    tagLength: 32,
  });
  assert.equal(tag.toString("hex"), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
});

test("a password's hash is that of the reference implementation's test vectors", async () => {
  const salt = Buffer.from("somesalt");
  const vectors = [
    [256, 2, 1, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"],
    [256, 2, 2, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"],
    [65_536, 2, 1, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"],
  ] as const;
  for (const [memory_kib, passes, parallelism, hash] of vectors) {
    assert.equal(await hashHex("password", { salt, memory_kib, passes, parallelism }), hash);
  }
});

test("new parameters have a salt of their own and today's costs, which are no less than OWASP's least", () => {
  const [one, two] = [newPasswordParameters(), newPasswordParameters()];
  assert.equal(one.salt.length, 16);
  assert.ok(!one.salt.equals(two.salt));
  assert.deepEqual({ ...one, salt: undefined }, { ...PASSWORD_PARAMETERS_CURRENT, salt: undefined });
  assert.ok(one.memory_kib >= 19_456 && one.passes >= 2 && one.parallelism >= 1);
});

test("password, salt and each cost change the hash", async () => {
  const hashes = await Promise.all([
    hashHex("password"),
    hashHex("Password"),
    hashHex("password "),
    hashHex("password", { ...CHEAP, salt: Buffer.alloc(16, 8) }),
    hashHex("password", { ...CHEAP, memory_kib: 16 }),
    hashHex("password", { ...CHEAP, passes: 2 }),
    hashHex("password", { ...CHEAP, memory_kib: 16, parallelism: 2 }),
  ]);
  assert.equal(new Set(hashes).size, hashes.length);
  for (const hash of hashes) assert.equal(hash.length, 64);
});

test("the same characters typed in different ways give the same hash", async () => {
  assert.equal(await hashHex("caf\u00e9 \ufb01sh"), await hashHex("cafe\u0301 fish"));
});

test("a password to be chosen is measured in characters, and the fault says how many are needed", () => {
  assert.equal(describePasswordFault("twelve chars"), undefined);
  assert.equal(describePasswordFault("🔑🗝🔒🔓🔏🔐🧷📎✂🖊🖋📐"), undefined);
  assert.match(
    describePasswordFault("🔑".repeat(11)) ?? "",
    /^This password has 11 characters; at least 12 are needed\./,
  );
  assert.match(describePasswordFault("e\u0301".repeat(11)) ?? "", /has 11 characters/);
  assert.match(describePasswordFault("") ?? "", /has 0 characters/);
  const long = Array.from({ length: 512 }, (_, index) => String.fromCodePoint(0xc0 + ((index * index) % 63))).join("");
  assert.equal(describePasswordFault(long), undefined);
  assert.match(describePasswordFault("é".repeat(513)) ?? "", /takes 1026 bytes; at most 1024 are possible/);
});

test("a password above the limit is not hashed", async () => {
  await derivePasswordHash("x".repeat(PASSWORD_BYTES_MAX), CHEAP);
  await assert.rejects(derivePasswordHash("x".repeat(PASSWORD_BYTES_MAX + 1), CHEAP), {
    name: "RangeError",
    message: "The password has 1025 bytes, but at most 1024 can be hashed.",
  });
});

test("as many hashes as may run and wait are made, one more is refused at once, and afterwards there is room", async () => {
  const room = Math.min(availableParallelism(), 3) * 33;
  const accepted = Array.from({ length: room }, () => hashHex("password"));
  await assert.rejects(derivePasswordHash("password", CHEAP), TooBusyError);
  const expected = await accepted[0];
  assert.deepEqual(new Set(await Promise.all(accepted)), new Set([expected]));
  assert.equal(await hashHex("password"), expected);
});

test("parameters that argon2 cannot work with are refused, and give their place back", async () => {
  for (let round = 0; round < 200; round += 1) {
    await assert.rejects(derivePasswordHash("password", { ...CHEAP, passes: 0 }), /parameters\.passes/);
  }
  assert.equal((await hashHex("password")).length, 64);
});
