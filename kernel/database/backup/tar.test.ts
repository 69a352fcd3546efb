import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { ARCHIVE_END, ArchiveError, type Member, packMember, readMembers } from "./tar.ts";

const TIME = new Date("2026-11-20T12:00:00Z");
const MEMBERS: Member[] = [
  { name: "plain.txt", content: Buffer.from("a line\n") },
  { name: "empty", content: Buffer.alloc(0) },
  { name: `tables/${"s".repeat(63)}.${"t".repeat(63)}/00000001.copy`, content: randomBytes(512) },
  { name: "deep/er/größer", content: randomBytes(100_001) },
];

function pack(members: Member[]): Buffer {
  return Buffer.concat([...members.flatMap((member) => packMember(member, TIME)), ARCHIVE_END]);
}

async function* cut(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function read(bytes: Buffer, length = 1000): Promise<Member[]> {
  const members: Member[] = [];
  for await (const { name, content } of readMembers(cut(bytes, length))) members.push({ name, content });
  return members;
}

test("what was packed is read again, however the stream is cut", async () => {
  const archive = pack(MEMBERS);
  for (const length of [1, 511, 512, 513, 4096, archive.length]) assert.deepEqual(await read(archive, length), MEMBERS);
});

test("the system's tar lists and unpacks the archive", () => {
  const archive = pack(MEMBERS);
  const listed = execFileSync("tar", ["-tf", "-", "--quoting-style=literal"], { input: archive, encoding: "utf8" });
  assert.deepEqual(
    listed.trim().split("\n"),
    MEMBERS.map(({ name }) => name),
  );
  for (const { name, content } of MEMBERS) {
    assert.ok(execFileSync("tar", ["-xOf", "-", name], { input: archive }).equals(content), name);
  }
});

test("an archive that ends anywhere too early is cut off", async () => {
  const archive = pack(MEMBERS.slice(0, 3));
  for (let length = 0; length < archive.length - ARCHIVE_END.length; length += 97) {
    await assert.rejects(read(archive.subarray(0, length)), (error) => {
      return error instanceof ArchiveError && error.fault === "cut off";
    });
  }
});

test("an archive with a changed header is malformed", async () => {
  const archive = pack(MEMBERS);
  const unused = [155];
  for (let place = 0; place < 500; place += 1) {
    if (unused.includes(place)) continue;
    const changed = Buffer.from(archive);
    changed[place] = (changed[place] ?? 0) ^ 1;
    await assert.rejects(read(changed), ArchiveError, `byte ${place}`);
  }
});

test("bytes behind the end are malformed", async () => {
  await assert.rejects(read(Buffer.concat([pack(MEMBERS), Buffer.from("more")])), ArchiveError);
});

test("a name that has no room in the header is refused", () => {
  assert.throws(() => packMember({ name: "n".repeat(101), content: Buffer.alloc(0) }, TIME), RangeError);
  assert.throws(() => packMember({ name: `${"n".repeat(156)}/n`, content: Buffer.alloc(0) }, TIME), RangeError);
});
