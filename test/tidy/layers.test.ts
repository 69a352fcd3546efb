import assert from "node:assert/strict";
import { test } from "node:test";
import { layers, moduleOrder } from "./layers.ts";

const APP = {
  path: "app.ts",
  text: [
    'import { credits } from "./modules/credits/module.ts";',
    'import { identity } from "./modules/identity/module.ts";',
    "export const modules: readonly Module[] = [identity, credits];",
  ].join("\n"),
};

function faultsOf(path: string, ...specifiers: string[]): string[] {
  const text = specifiers.map((specifier) => `import { x } from "${specifier}";`).join("\n");
  return layers.find([APP, { path, text }]);
}

test("the order of the modules is that of the list, not of the imports", () => {
  assert.deepEqual(moduleOrder([APP]), ["identity", "credits"]);
});

test("a module whose folder app.ts does not list is found", () => {
  assert.deepEqual(faultsOf("modules/crm/module.ts"), ["modules/crm is not in the list of app.ts"]);
});

const ALLOWED: [string, string][] = [
  ["bin/run.mjs", "./launch.mjs"],
  ["kernel/http/server.ts", "../database/pool.ts"],
  ["kernel/http/server.ts", "fastify"],
  ["kernel/http/status.ts", "../../package.json"],
  ["modules/credits/holds.ts", "../../kernel/tenancy/context.ts"],
  ["modules/credits/holds.ts", "./accounts.ts"],
  ["modules/credits/holds.ts", "../identity/public.ts"],
  ["modules/credits/contract.ts", "zod"],
  ["modules/credits/contract.ts", "../identity/contract.ts"],
  ["modules/credits/contract.ts", "../../kernel/http/endpoint.ts"],
  ["modules/credits/contract.ts", "../../kernel/http/paging.ts"],
  ["kernel/mail/contract.ts", "../http/endpoint.ts"],
  ["kernel/mail/mailbox.ts", "./contract.ts"],
  ["app.ts", "./kernel/module.ts"],
  ["cli/serve.ts", "../app.ts"],
  ["cli/serve.ts", "../modules/identity/public.ts"],
  ["web/pages/Home.tsx", "../../modules/credits/contract.ts"],
  ["web/pages/Home.tsx", "../../kernel/mail/contract.ts"],
  ["web/pages/Home.tsx", "../../modules/credits/limits-contract.ts"],
  ["kernel/database/pool.test.ts", "../../test/harness.ts"],
  ["kernel/database/pool.fixture.ts", "../../modules/credits/holds.ts"],
  ["bench/enter.bench.ts", "../test/harness.ts"],
];

for (const [path, specifier] of ALLOWED) {
  test(`${path} may import ${specifier}`, () => {
    const files = [{ path, text: `import { x } from "${specifier}";` }];
    assert.deepEqual(layers.find(path === "app.ts" ? files : [APP, ...files]), []);
  });
}

const FORBIDDEN: [string, string, RegExp][] = [
  ["bin/run.mjs", "../kernel/config.ts", /before anything is installed/],
  ["kernel/http/server.ts", "../../modules/identity/public.ts", /knows only the kernel/],
  ["kernel/mail/contract.ts", "./outbox.ts", /must run in a browser/],
  ["kernel/mail/contract.ts", "fastify", /must run in a browser/],
  ["kernel/http/server.ts", "../../app.ts", /knows only the kernel/],
  ["kernel/http/server.ts", "../../test/harness.ts", /only tests import tests/],
  ["kernel/http/server.ts", "../database/pool.fixture.ts", /only tests import tests/],
  ["kernel/http/server.ts", "../../cli/errors.ts", /nothing imports the command line/],
  ["kernel/http/endpoint.ts", "./server.ts", /must run in a browser/],
  ["kernel/http/endpoint.ts", "fastify", /must run in a browser/],
  ["kernel/http/paging.ts", "../nouns/noun.ts", /must run in a browser/],
  ["modules/credits/holds.ts", "../identity/people.ts", /only its public\.ts/],
  ["modules/identity/people.ts", "../credits/public.ts", /does not stand above/],
  ["modules/identity/people.ts", "../../app.ts", /only its public\.ts/],
  ["modules/credits/contract.ts", "./holds.ts", /must run in a browser/],
  ["modules/credits/contract.ts", "node:crypto", /must run in a browser/],
  ["modules/credits/limits-contract.ts", "./holds.ts", /must run in a browser/],
  ["modules/identity/contract.ts", "../credits/contract.ts", /does not stand above/],
  ["app.ts", "./modules/identity/people.ts", /by their module\.ts/],
  ["cli/serve.ts", "../modules/identity/people.ts", /public\.ts or module\.ts/],
  ["cli/serve.ts", "../bench/items.ts", /only tests import tests/],
  ["web/pages/Home.tsx", "../../kernel/config.ts", /only the contracts/],
  ["web/pages/Home.tsx", "../../modules/credits/holds.ts", /only the contracts/],
  ["scripts/new.ts", "../kernel/config.ts", /no rule says/],
];

for (const [path, specifier, fault] of FORBIDDEN) {
  test(`${path} must not import ${specifier}`, () => {
    const faults = faultsOf(path, specifier);
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? "", fault);
  });
}
