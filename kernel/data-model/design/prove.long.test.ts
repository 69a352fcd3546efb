import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createScratchDatabase, createTenant, openAdmin, openTestDatabase, testServer } from "../../../test/harness.ts";
import { findFaults, layCatalog } from "../../../test/schema/catalog.ts";
import { RULES } from "../../../test/schema/rules/all.ts";
import { readMigrations } from "../../database/migrate.ts";
import { withRoleNames } from "../../database/roles.ts";
import { MIGRATIONS_FOLDER } from "../../installation.ts";
import type { Design } from "./design.ts";
import { designMigration } from "./migration.ts";
import { proveDesign } from "./prove.ts";
import { readDesign } from "./read.ts";

const labelSuite = designOf(await readFile(join(import.meta.dirname, "label-suite.fixture.yaml"), "utf8"));

/** Uses each type and each thing that a design may say. */
const EVERYTHING = `
module: every_thing
entities:
  parts:
    sensitivity: own
    owner: maker
    relations:
      whole: { to: wholes, unique: true }
      parent: parts
      maker: members
      helper: members
      customer: crm.customers
    fields:
      note: { type: text, description: "It's 'quoted' \\\\ and tenon_member" }
      position: { type: integer, unique: true, min: 1 }
      large: { type: bigint, default: 5, max: 9007199254740991 }
      share: { type: decimal, min: 0, max: 1, default: 0.5 }
      size: { type: number, min: -1.5e-7 }
      is_good: { type: boolean, required: true, default: false }
      day: date
      seen_at: { type: moment, required: true, default: now }
      price: money
      fee: { type: money, required: true, min: 0 }
      extra: json
      color: { type: text, values: ["red", "o'clock\\\\"], default: red }
    states: { field: stage, order: { begun: [ended], ended: [] } }
    indexes: [{ fields: [size, day] }, { fields: [stage] }]
    unique: [[maker, day, color]]
  wholes:
    sensitivity: metadata
    relations: { favorite: { to: parts, on_delete: cascade, required: true } }
  a_name_as_long_as_it_can_be:
    relations: { another_name_just_as_long_as: { to: wholes, required: true, on_delete: cascade } }
`;

function designOf(text: string): Design {
  const read = readDesign(text);
  if ("faults" in read) assert.fail(JSON.stringify(read.faults, null, 1));
  return read;
}

async function prove(design: Design): Promise<string> {
  const foundation = { prefix: testServer.prefix, passwordOf: () => assert.fail("the roles are there"), keyId: "" };
  const admin = await openAdmin();
  const { rows } = await admin.query<{ key: string }>(
    "select substring(shobj_description(oid, 'pg_authid') from 'key (.*)') as key from pg_roles where rolname = $1",
    [`${testServer.prefix}_member`],
  );
  const ground = {
    admin: testServer.admin,
    foundation: { ...foundation, keyId: rows[0]?.key ?? "" },
    migrations: await readMigrations(MIGRATIONS_FOLDER),
  };
  return proveDesign(ground, design, designMigration(design), { today: "2026-01-02" });
}

async function applied(design: Design) {
  const login = await createScratchDatabase();
  const admin = await openAdmin(login);
  const sql = withRoleNames(`set role tenon_owner; ${designMigration(design)}; reset role`, testServer.prefix);
  await admin.query(`begin; set local search_path = ''; ${sql}; commit`);
  return { login, admin };
}

for (const design of [labelSuite, designOf(EVERYTHING)]) {
  test(`the tables of ${design.module} break no rule of the schema`, async () => {
    const { admin } = await applied(design);
    await layCatalog(admin);
    const faults = [];
    for (const rule of RULES) faults.push(...(await findFaults(admin, rule)));
    assert.deepEqual(
      faults.filter((fault) => fault.includes(design.module)),
      [],
    );
  });
}

test("no member reads the gold answers of a labeling suite; stewards and workers do", async () => {
  const { login, admin } = await applied(labelSuite);
  const tenant = await createTenant(openTestDatabase(login));
  await admin.query(
    `with d as (insert into label_suite.datasets (organization_id, name, task_type) values ($1, 'Letters', 'text') returning *),
          i as (insert into label_suite.dataset_items (organization_id, dataset_id, input_text, position) select $1, id, 'What is it?', 1 from d returning *)
     insert into label_suite.dataset_answers (organization_id, dataset_id, item_id, answer) select $1, dataset_id, id, 'A cat' from i`,
    [tenant.id],
  );
  const readAs = async (role: string, table: string) => {
    await admin.query("begin");
    try {
      await admin.query("select set_config('tenon.organization_id', $1, true)", [tenant.id]);
      await admin.query(`set local role ${testServer.prefix}_${role}`);
      return (await admin.query(`select * from label_suite.${table}`)).rowCount;
    } finally {
      await admin.query("rollback");
    }
  };
  for (const role of ["member", "own", "client", "gate", "public"])
    await assert.rejects(readAs(role, "dataset_answers"), /permission denied for table dataset_answers/, role);
  for (const role of ["steward", "worker"]) assert.equal(await readAs(role, "dataset_answers"), 1, role);
  assert.equal(await readAs("member", "dataset_items"), 1);
  assert.equal(await readAs("member", "datasets"), 1);
  const { rows } = await admin.query(
    "select new_values ->> 'answer' as answer from audit.audit_logs where resource_type = 'label_suite.dataset_answers'",
  );
  assert.deepEqual(rows, [{ answer: "[masked]" }]);
  await assert.rejects(
    admin.query("insert into label_suite.tasks (organization_id, dataset_id, name) select $1, gen_random_uuid(), 'T'", [
      tenant.id,
    ]),
    /foreign key/,
  );
});

test("the document marks the gold answers as sensitive, and says who reaches each table", async () => {
  const document = await prove(labelSuite);
  assert.match(document, /^# Data Model: Label_suite$/m);
  assert.match(document, /^### ⚠️ dataset_answers$/m);
  assert.match(document, /^⚠️ \*\*Security\*\*: CRITICAL\. .*tenon_steward \(full\), tenon_worker/m);
  const heading = document
    .split("\n")
    .find((line) => line.startsWith("| Table | Sensitivity | ") && line.includes("tenon_member"));
  const words = (table: string, role: string) => {
    const place = heading?.split(" | ").findIndex((cell) => cell.replace(" |", "") === role) ?? -1;
    const row = document
      .slice(document.indexOf(heading ?? ""))
      .split("\n")
      .find((line) => line.startsWith(`| ${table} |`));
    return row?.split(" | ")[place]?.replace(" |", "");
  };
  assert.equal(words("dataset_answers", "tenon_member"), "NONE");
  assert.equal(words("dataset_answers", "tenon_steward"), "Full");
  assert.equal(words("datasets", "tenon_member"), "Read");
  assert.equal(words("datasets", "tenon_steward"), "Full");
  assert.equal(words("submissions", "tenon_own"), "Own rows");
  assert.equal(words("dataset_items", "tenon_member"), "Full");
  assert.match(document, /^\| submissions \| status \| processing \| completed, failed \|$/m);
  assert.doesNotMatch(document, /## Warnings/);
});

test("what cannot be made is told by PostgreSQL's own words, and its database is gone", async () => {
  const text = "module: shop\nentities: { goods: { relations: { maker: nowhere.makers } } }";
  await assert.rejects(prove(designOf(text)), /PostgreSQL refuses.*"nowhere" does not exist/);
  const taken = "module: crm\nentities: { goods: { fields: { a: text } } }";
  await assert.rejects(prove(designOf(taken)), /there is a schema crm already/);
  const { rows } = await (await openAdmin()).query(
    "select from pg_database where datname ~ '^tenon_design_(shop|crm)_'",
  );
  assert.equal(rows.length, 0);
});
