import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDatabaseUrl } from "./server.ts";
import { judgeVersion } from "./version.ts";

test("a URL is taken apart, with a socket's folder or a host", () => {
  const { host, port, database, user, password } = parseDatabaseUrl("postgres://ann:s%40fe@db.example:6000/tenon");
  assert.deepEqual(
    { host, port, database, user, password },
    { host: "db.example", port: 6000, database: "tenon", user: "ann", password: "s@fe" },
  );
  assert.equal(parseDatabaseUrl("postgres://ann@localhost/tenon?host=/run/postgresql").host, "/run/postgresql");
});

test("a URL without a database or a user is refused with its form", () => {
  for (const url of ["nonsense", "postgres://localhost", "postgres://localhost/tenon"]) {
    assert.throws(() => parseDatabaseUrl(url), /postgres:\/\/user:password@host:5432\/database/);
  }
});

test("a server that is too old is refused, one with known holes is warned about", () => {
  assert.throws(() => judgeVersion(140_020), /14\.20 is too old/);
  assert.match(judgeVersion(150_017) ?? "", /15\.18 closes them/);
  assert.equal(judgeVersion(150_018), undefined);
  assert.equal(judgeVersion(180_004), undefined);
});
