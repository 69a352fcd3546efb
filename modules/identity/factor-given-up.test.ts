import assert from "node:assert/strict";
import { before, test } from "node:test";
import { adminOf, createTenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { addApp, newGuest } from "./factors.fixture.ts";

let http: TestHttpServer;

before(async () => {
  http = await openTestServer();
});

test("whoever gave up the last second factor is not let in where one is wanted, in any of their sessions", async () => {
  const admin = await adminOf(http.database);
  const tenant = await createTenant(http.database);
  const guest = await newGuest(http);
  await admin.query("select organizations.add_member($1, $2, '{viewer}')", [tenant.id, guest.userId]);
  await admin.query("update organizations.organizations set second_factor_required = true where id = $1", [tenant.id]);
  const { access_token: token } = await guest.signIn();
  const ask = (method: "GET" | "DELETE", url: string) =>
    http.server.inject({ method, url, headers: { authorization: `Bearer ${token}` } });
  const app = await addApp(http, guest, token);
  assert.equal((await ask("GET", `/api/organizations/${tenant.slug}/roles`)).statusCode, 200);

  assert.equal((await ask("DELETE", `/api/me/factors/totp/${app.id}`)).statusCode, 204);
  const refused = await ask("GET", `/api/organizations/${tenant.slug}/roles`);
  assert.deepEqual([refused.statusCode, refused.json().code], [403, "second_factor_needed"]);
});
