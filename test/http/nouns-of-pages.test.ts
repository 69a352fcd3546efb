import assert from "node:assert/strict";
import { test } from "node:test";
import { nouns } from "../../app.ts";
import * as ours from "../../web/lib/nouns.ts";

test("what pages call of nouns is as the server declares it", () => {
  for (const [called, { list, create, get }] of Object.entries(ours)) {
    const noun = nouns.find(({ name }) => `${name}.list` === list.name) ?? assert.fail(called);
    assert.equal(list.path, `/api/organizations/:organization/${noun.path}`);
    const row = [list.path, ...noun.key.map((name) => `:${name}`)].join("/");
    assert.equal(get.path, row);
    assert.deepEqual([list.access, create.access], [noun.read, noun.write ?? noun.read], called);
  }
});
