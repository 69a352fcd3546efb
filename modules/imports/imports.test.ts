import assert from "node:assert/strict";
import { test } from "node:test";
import { addMember, createTenant, type Person } from "../../test/harness.ts";
import { openImports } from "./imports.fixture.ts";

const { http, admin, tenant, work, send, start, ended, post, customers } = await openImports();
work();

const newTenant = () => createTenant(http.database);

test("a file becomes rows by the names of its columns, and they carry the import's id on the record", async () => {
  const file =
    '\ufeffFull Name;E-Mail;accepts marketing;Custom fields\n"Ada; of\nLondon";ada@example.com;yes;"{""a"": 1}"\nBob;;no;\n';
  const { id, mapping } = await start(file);
  assert.deepEqual(mapping, {
    name: "Full Name",
    email: "E-Mail",
    accepts_marketing: "accepts marketing",
    custom_fields: "Custom fields",
  });
  const done = await ended(id);
  assert.deepEqual([done.state, done.progress, done.reason, done.errors], ["completed", 100, null, []]);
  assert.deepEqual([done.rows.total, done.rows.created, done.rows.updated, done.rows.wrong], [2, 2, 0, 0]);
  assert.deepEqual(await customers("name, email, accepts_marketing, custom_fields"), [
    ["Ada; of\nLondon", "ada@example.com", true, { a: 1 }],
    ["Bob", null, false, {}],
  ]);
  const { rows } = await admin.query(
    "select distinct import_id, operation, user_id, actor_kind from audit.audit_logs where organization_id = $1 and resource_type = 'crm.customers'",
    [tenant.id],
  );
  assert.deepEqual(rows, [
    { import_id: id, operation: "imports.import_rows", user_id: tenant.owner.userId, actor_kind: "task" },
  ]);
  assert.equal((await admin.query("select from tasks.files where organization_id = $1", [tenant.id])).rowCount, 0);
});

test("JSON comes as an array on any lines, and as lines", async () => {
  const array = '[{"name": "A", "custom_fields": {"x": [1, "]"]}},\n {"name":\n "B \\"}", "accepts_marketing": true}]';
  for (const [type, file] of [
    ["application/json", array],
    ["application/json", array.replaceAll("\n", "")],
    [
      "application/x-ndjson",
      '{"name": "A", "custom_fields": {"x": [1, "]"]}}\n\n{"name": "B \\"}", "accepts_marketing": true}\n',
    ],
  ] as const) {
    const of = await newTenant();
    const { id } = await start(file, { tenant: of, type });
    const done = await ended(id, of);
    assert.deepEqual([done.state, done.errors], ["completed", []]);
    assert.deepEqual(await customers("name, accepts_marketing, custom_fields", of), [
      ["A", false, { x: [1, "]"] }],
      ['B "}', true, {}],
    ]);
  }
});

test("one wrong row stops everything, or is left out, and each error tells its line and column", async () => {
  const stranger = tenant.owner.userId.replace(/^./, "f");
  const file = `name,email,assigned_to,birthday\nA,a@example.com,,\nB,nonsense,,2026-02-30\n,c@example.com,,\nD,,${stranger},\nE,e@example.com,${"OWNER"},2000-02-29\nF,x\n`;
  for (const [on_error, state, names] of [
    ["stop", "failed", []],
    ["skip", "completed", ["A", "E"]],
  ] as const) {
    const of = await newTenant();
    const { id } = await start(file.replace("OWNER", of.owner.userId), { tenant: of, query: { on_error } });
    const done = await ended(id, of);
    assert.deepEqual([done.state, done.rows.wrong, done.rows.created, done.errors_total], [state, 4, names.length, 5]);
    assert.deepEqual(done.errors.map(({ line, column }) => [line, column]).sort(), [
      [3, "birthday"],
      [3, "email"],
      [4, "name"],
      [5, "assigned_to"],
      [7, null],
    ]);
    assert.deepEqual((await customers("name", of)).flat(), names);
    const url = `/api/organizations/${of.slug}/imports/${id}/errors`;
    const csv = (await http.ask(of.owner, { url })).body;
    assert.match(csv, /^line,column,row,reason\r\n/);
    assert.match(csv, /5,assigned_to,,It names something that is not there\.\r\n/);
    const lines = (await http.ask(of.owner, { url: `${url}?format=ndjson` })).body.trim().split("\n");
    assert.equal(lines.length, 5);
    assert.equal(JSON.parse(lines[0] ?? "").line, 3);
  }
});

test("a dry run proposes a mapping and writes nothing; what is missing is told", async () => {
  const of = await newTenant();
  const file = "Display name,Mail,Telephone,Nonsense\nA,a@example.com,1,x\nB,b,2,y\n";
  const { status, body } = await send("/dry-run", file, { tenant: of, query: { constants: '{"source": "import"}' } });
  assert.equal(status, 200);
  assert.deepEqual(body.mapping, { name: "Display name", email: "Mail", phone: "Telephone" });
  assert.deepEqual([body.unused, body.rows, body.wrong, body.creates, body.is_whole], [["Nonsense"], 2, 1, 1, true]);
  assert.deepEqual(body.preview, [
    { line: 2, action: "create", values: { name: "A", email: "a@example.com", phone: "1", source: "import" } },
  ]);
  assert.deepEqual(
    body.errors.map(({ line, column }: { line: number; column: string }) => [line, column]),
    [[3, "Mail"]],
  );
  const without = await send("/dry-run", "zzz\n1\n", { tenant: of });
  assert.deepEqual([without.body.faults.length, without.body.faults[0].field], [1, "mapping.name"]);
  assert.match(without.body.faults[0].message, /^Every row needs it/);
  assert.deepEqual(await customers("name", of), []);
});

test("of a file that was cut off anywhere, a dry run tells all rows but the last", async () => {
  const of = await newTenant();
  const bad = "B,b\n";
  for (const [type, file] of [
    ["text/csv", `name,email\nA,a@example.com\n${bad}"Größe, c@exa`],
    ["text/csv", `name,email\nA,a@example.com\n${bad}C,c@exa`],
    ["application/x-ndjson", '{"name": "A"}\n{"name": 1}\n{"na'],
    ["application/json", '[{"name": "A"}, {"name": 1}, {"na'],
  ] as const) {
    const { status, body } = await send("/dry-run", file, { tenant: of, type, query: { is_head: "true" } });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body.creates, body.errors.length, body.rows, body.is_whole], [1, 1, 2, false], file);
  }
  const long = JSON.stringify(Array.from({ length: 4 }, () => ({ name: "A", support_notes: "x".repeat(900_000) })));
  const { body } = await send("/dry-run", long, { tenant: of, type: "application/json" });
  assert.deepEqual([body.rows, body.is_whole], [4, true]);
  const nul = await send("/dry-run", `name\n\0\n${"A\n".repeat(200_000)}`, { tenant: of, query: { is_head: "true" } });
  assert.match(JSON.stringify(nul.body), /NUL byte/);
});

test("what only tells the order of rows is the line where one begins", async () => {
  const of = await newTenant();
  const projects = { method: "POST" as const, url: `/api/organizations/${of.slug}/projects/projects` };
  const project = (await http.ask(of.owner, { ...projects, payload: { name: "Banking" } })).json().id;
  const datasets = { method: "POST" as const, url: `/api/organizations/${of.slug}/datasets/datasets` };
  const payload = { project_id: project, name: "Questions", task_type: "text_classification" };
  const made = await http.ask(of.owner, { ...datasets, payload });
  assert.equal(made.statusCode, 201, made.body);
  const file = 'text,category\nWhere is my card?,a\n"Two\nlines",b\nThe last,c\n';
  const query = { noun: "datasets.dataset_item", constants: JSON.stringify({ dataset_id: made.json().id }) };
  const { body } = await send("/dry-run", file, { tenant: of, query });
  assert.deepEqual(body.mapping, { position: "#line", input: "text" });
  assert.deepEqual(
    body.preview.map(({ values }: { values: Record<string, string> }) => [values.position, values.input]),
    [
      ["2", "Where is my card?"],
      ["3", "Two\nlines"],
      ["5", "The last"],
    ],
  );
});

test("what cannot be mapped is refused with every fault by its field, before anything is kept", async () => {
  const query = {
    mapping: '{"nam": "A", "email": "B", "status": "A"}',
    constants: '{"source": "moon", "email": "x@y.z"}',
    key: "phone",
  };
  const { status, body } = await send("", "A\n1\n", { query });
  assert.equal(status, 400);
  assert.deepEqual(body.errors.map(({ field }: { field: string }) => field).sort(), [
    "constants.email",
    "constants.source",
    "key",
    "mapping.email",
    "mapping.nam",
    "mapping.name",
    "mapping.status",
  ]);
  assert.equal((await send("", "name\nA\n", { query: { noun: "crm.nothing" } })).body.errors[0].field, "noun");
  assert.equal((await send("", "name\nA\n", { query: { mapping: "{" } })).body.errors[0].field, "mapping");
  assert.equal((await admin.query("select from tasks.files where organization_id = $1", [tenant.id])).rowCount, 0);
});

test("by a key, rows that are there are changed and the others made; a key that tells nothing apart is an error", async () => {
  const of = await newTenant();
  const first = await start(
    "name,email,phone\nA,a@example.com,1\nB,b@example.com,2\nC,c@example.com,3\nC2,c@example.com,3\n",
    { tenant: of },
  );
  await ended(first.id, of);
  const file =
    "name,email,phone\nA,A@Example.com,1\nBB,b@example.com,\nD,d@example.com,4\nE,c@example.com,5\nF,D@example.com,6\nG,,7\n";
  const { id } = await start(file, { tenant: of, query: { key: "email", on_error: "skip" } });
  const done = await ended(id, of);
  assert.deepEqual([done.state, done.rows.created, done.rows.updated, done.rows.wrong], ["completed", 1, 2, 3]);
  assert.deepEqual(done.errors.map(({ line, column }) => [line, column]).sort(), [
    [5, "email"],
    [6, "email"],
    [7, "email"],
  ]);
  assert.deepEqual(await customers("name, email, phone", of), [
    ["A", "A@Example.com", "1"],
    ["BB", "b@example.com", null],
    ["C", "c@example.com", "3"],
    ["C2", "c@example.com", "3"],
    ["D", "d@example.com", "4"],
  ]);
});

test("undone, an import takes back what nobody changed since, and tells the rest", async () => {
  const of = await newTenant();
  await ended((await start("name,email,phone\nA,a@example.com,1\nB,b@example.com,2\n", { tenant: of })).id, of);
  const file =
    "name,email,phone\nAA,a@example.com,11\nBB,b@example.com,22\nC,c@example.com,3\nD,d@example.com,4\nE,e@example.com,5\n";
  const { id } = await start(file, { tenant: of, query: { key: "email" } });
  const loaded = await ended(id, of);
  assert.deepEqual([loaded.rows.created, loaded.rows.updated], [3, 2]);
  await admin.query("update crm.customers set phone = 'new' where organization_id = $1 and name in ('BB', 'D')", [
    of.id,
  ]);
  await admin.query(
    "insert into crm.notes (organization_id, customer_id, content) select organization_id, id, 'x' from crm.customers where organization_id = $1 and name = 'E'",
    [of.id],
  );
  assert.equal((await post(`/${id}/undo`, undefined, of)).body.state, "undoing");
  const done = await ended(id, of);
  assert.deepEqual([done.state, done.rows.deleted, done.rows.restored, done.rows.kept], ["undone", 1, 2, 3]);
  assert.deepEqual(await customers("name, phone", of), [
    ["A", "1"],
    ["B", "new"],
    ["D", "new"],
    ["E", "5"],
  ]);
  assert.deepEqual(done.errors.map(({ reason }) => reason).sort(), [
    "It was changed since.",
    "Other rows name it.",
    "phone: changed since, or too large for the record.",
  ]);
  assert.equal((await post(`/${id}/undo`, undefined, of)).status, 409);
});

test("who may not write the rows may import none, and who lost that meanwhile takes in no more", async () => {
  const of = await newTenant();
  const permissions = ["imports.import.read", "imports.import.write"];
  const role = {
    method: "POST",
    url: `/api/organizations/${of.slug}/roles`,
    payload: { name: "Importer", permissions },
  } as const;
  assert.equal((await http.ask(of.owner, role)).statusCode, 200);
  const importer = await addMember(admin, http.database, of, "Importer");
  assert.equal((await send("", "name\nA\n", { tenant: of, person: importer })).status, 403);
  assert.equal((await send("/dry-run", "name\nA\n", { tenant: of, person: importer })).status, 403);
  const writer = { name: "Writer", permissions: [...permissions, "crm.customer.write"] };
  assert.equal((await http.ask(of.owner, { ...role, payload: writer })).statusCode, 200);
  const blind = await addMember(admin, http.database, of, "Writer");
  for (const [path, query] of [
    ["", {}],
    ["/dry-run", { key: "name" }],
  ] as const) {
    const { status } = await send(path, "name\nA\n", { tenant: of, person: blind, query });
    assert.equal(status, 403, "whether a row is there is told to those who may read it");
  }
  const targets = async (person: Person) => {
    const answer = await http.ask(person, { url: `/api/organizations/${of.slug}/imports/targets` });
    return answer.json().items.map(({ noun }: { noun: string }) => noun);
  };
  assert.deepEqual(await targets(importer), []);
  const member = await addMember(admin, http.database, of, "member");
  assert.ok((await targets(member)).includes("crm.customer"));
  const { body } = await send("", "name\nA\n", { tenant: of, person: member, query: { on_error: "skip" } });
  await ended(body.id, of);
  const url = `/api/organizations/${of.slug}/imports/${body.id}`;
  assert.equal(
    (await http.ask(importer, { url })).statusCode,
    404,
    "who may not read customers sees no import of them",
  );
  assert.deepEqual((await http.ask(importer, { url: `/api/organizations/${of.slug}/imports` })).json(), { items: [] });
  assert.equal((await http.ask(member, { url: `/api/organizations/${of.slug}/imports` })).json().items.length, 1);
  assert.equal((await http.ask(importer, { method: "POST", url: `${url}/undo` })).statusCode, 403);
});

test("files that are no rows are refused with what to do", async () => {
  const refused = async (file: string | Buffer, type = "text/csv", query = {}) => {
    const { status, body } = await send("", file, { type, query });
    assert.equal(status, 400, JSON.stringify(body));
    return body.errors[0].message;
  };
  assert.match(
    await refused("name,Email, name\nA,b,c\n"),
    /^Line 1: Columns 1 and 3 are both named "name"\. Rename one/,
  );
  assert.match(await refused(""), /^Line 1: The file is empty/);
  assert.match(await refused(Buffer.from("PK\x03\x04rest")), /an Excel workbook or a ZIP archive/);
  assert.match(await refused(Buffer.from("n\0ame\n")), /NUL byte.*Save the file as UTF-8/);
  assert.match(await refused(Buffer.from("n\xe4me\n", "latin1")), /not valid Unicode.*Save the file as UTF-8/);
  assert.match(await refused("[1, 2]", "application/json"), /^Line 1: There is "1" where a row was to begin/);
  assert.match(await refused("name\nA\n", "application/json"), /^Line 1: There is "n" where a row was to begin/);
  assert.match(await refused("name\nA\n", "text/plain"), /^Say how the file is written/);
});

test("a file that goes wrong later fails with the line, in UTF-16 too", async () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => `Customer ${index}\n`).join("");
  for (const [ending, reason] of [
    ['"never closed', /^A double quote opens a value here and is never closed/],
    ["nul \0\n", /NUL byte/],
    [`${"x".repeat(1_000_001)}\n`, /longer than 1,000,000 bytes/],
  ] as const) {
    const of = await newTenant();
    const text = Buffer.from(`\ufeffname\n${rows}${ending}`, "utf16le");
    const { id } = await start(text, { tenant: of });
    const done = await ended(id, of);
    assert.equal(done.state, "failed");
    assert.match(done.reason ?? "", reason);
    assert.equal(done.errors[0]?.line, 5_002);
    assert.deepEqual(await customers("name", of), []);
  }
});

test("rows that the database refuses after the check are told one by one, and those before them are taken back", async () => {
  const of = await newTenant();
  await admin.query(`
    create function crm.refuse_test() returns trigger language plpgsql as $$
    begin raise exception 'No % here', new.name using errcode = 'TN012'; end $$;
    create trigger refuse_test before insert on crm.customers for each row when (new.name like 'Refused %') execute function crm.refuse_test()`);
  const rows = Array.from({ length: 5_000 }, (_, index) => (index === 3_999 ? `Refused ${index}` : `Row ${index}`));
  const file = `name,company\n${rows.map((name) => `${name},${"x".repeat(50)}\n`).join("")}`;
  const stopped = await ended((await start(file, { tenant: of })).id, of);
  assert.deepEqual(
    [stopped.state, stopped.rows.created, stopped.rows.deleted],
    ["failed", stopped.rows.deleted, stopped.rows.created],
  );
  assert.ok(stopped.rows.created > 0);
  assert.deepEqual(
    stopped.errors.map(({ line, reason }) => [line, reason]),
    [[4_001, "No Refused 3999 here."]],
  );
  assert.deepEqual(await customers("name", of), []);
  const skipped = await ended((await start(file, { tenant: of, query: { on_error: "skip" } })).id, of);
  assert.deepEqual([skipped.state, skipped.rows.created, skipped.rows.wrong], ["completed", 4_999, 1]);
  assert.equal((await customers("name", of)).length, 4_999);
});

test("what only verbs make is made by no import, and its rows are changed by their key alone", async () => {
  const of = await newTenant();
  const file = "instructions,overlap\nLook,1\n";
  const query = { noun: "labeling.configuration" };
  const { status, body } = await send("", file, { tenant: of, query });
  assert.equal(status, 400, JSON.stringify(body));
  assert.deepEqual(
    body.errors.map(({ field }: { field: string }) => field),
    ["key"],
  );
  const dry = await send("/dry-run", file, { tenant: of, query });
  assert.deepEqual([dry.body.creates, dry.body.faults.length], [0, 1]);

  const url = `/api/organizations/${of.slug}/labeling/projects`;
  const labels = [{ name: "a" }, { name: "b" }];
  const made = await http.ask(of.owner, { method: "POST", url, payload: { name: "P", labels } });
  assert.equal(made.statusCode, 200, made.body);
  const keyed = `project_id,instructions\n${made.json().id},Look closely\n`;
  const { id } = await start(keyed, { tenant: of, query: { ...query, key: "project_id" } });
  const done = await ended(id, of);
  assert.deepEqual([done.state, done.rows.created, done.rows.updated, done.errors], ["completed", 0, 1, []]);
});

test("lists of texts come back from our own CSV as they were", async () => {
  const of = await newTenant();
  const noun = { noun: "content.item" };
  const words = ['"a;b"', "c,d", "=e"];
  const url = `/api/organizations/${of.slug}/content/items`;
  const payload = { content_type: "page", name: "A", target_keywords: words };
  assert.equal((await http.ask(of.owner, { method: "POST", url, payload })).statusCode, 201);
  const csv = await http.ask(of.owner, {
    url: `${url}?fields=content_type,name,target_keywords`,
    headers: { accept: "text/csv" },
  });
  const { id } = await start(csv.body, { tenant: of, query: noun });
  assert.deepEqual((await ended(id, of)).state, "completed");
  const { items } = (await http.ask(of.owner, { url })).json();
  assert.deepEqual(
    items.map(({ target_keywords }: { target_keywords: string[] }) => target_keywords),
    [words, words],
  );
});
