import assert from "node:assert/strict";
import { test } from "node:test";
import { createScratchDatabase, createTenant, openAdmin, openTestDatabase } from "../harness.ts";
import { readRelations } from "./catalog.ts";
import { createRowMaker, type RowMaker } from "./rows.ts";

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const tenant = await createTenant(database);
await admin.query("create schema shop");

/** Makes tables, and a row maker that knows them. */
async function makerOf(sql: string): Promise<{
  maker: RowMaker;
  ensure: (name: string) => ReturnType<RowMaker["ensureRow"]>;
  spare: (name: string) => ReturnType<RowMaker["spareRow"]>;
}> {
  await admin.query(sql);
  const relations = await readRelations(admin);
  const maker = createRowMaker(admin, relations, tenant, tenant.owner.userId);
  const find = (name: string) => {
    const table = relations.find((relation) => relation.name === name);
    assert.ok(table, `${name} is in the catalog`);
    return table;
  };
  return { maker, ensure: (name) => maker.ensureRow(find(name)), spare: (name) => maker.spareRow(find(name)) };
}

test("columns of every usual type and check get a value", async () => {
  const { ensure, spare } = await makerOf(`
    create type shop.colour as enum ('red', 'green');
    create table shop.things (
      organization_id uuid not null references organizations.organizations,
      id uuid not null default gen_random_uuid(),
      state text not null check (state in ('open', 'closed')),
      code text not null check (code ~ '^[A-Z]{3}$'),
      email text not null check (email ~ '^[^@]+@[^@]+$'),
      title text not null check (length(btrim(title)) between 1 and 20),
      colour shop.colour not null,
      amount bigint not null check (amount > 100),
      price numeric not null,
      active boolean not null check (active),
      digest bytea not null check (octet_length(digest) = 16),
      settings jsonb not null check (jsonb_typeof(settings -> 'rows') = 'array'),
      tags text[] not null check (cardinality(tags) > 0),
      span tstzrange not null,
      starts_at timestamptz not null,
      ends_at timestamptz not null,
      day date not null,
      address inet not null,
      subject_id uuid not null,
      title_key text not null generated always as (lower(title)) stored,
      number bigint generated always as identity,
      note text,
      primary key (organization_id, id),
      unique (organization_id, title_key),
      check (ends_at > starts_at),
      exclude using gist (span with &&)
    )`);
  const row = await ensure("shop.things");
  assert.equal(row.organization_id, tenant.id);
  assert.equal(row.state, "open");
  assert.notEqual((await spare("shop.things")).title_key, row.title_key);
  assert.deepEqual(await ensure("shop.things"), row, "a row that is there is not made again");
});

test("foreign keys point to the organization's own rows, which are made as needed", async () => {
  const { ensure } = await makerOf(`
    create table shop.shelves (organization_id uuid not null references organizations.organizations, id uuid default gen_random_uuid(), primary key (organization_id, id));
    create table shop.boxes (
      organization_id uuid not null, id uuid default gen_random_uuid(), shelf_id uuid not null, inside uuid, keeper_id uuid,
      primary key (organization_id, id),
      foreign key (organization_id, shelf_id) references shop.shelves,
      foreign key (organization_id, inside) references shop.boxes,
      foreign key (organization_id, keeper_id) references organizations.memberships
    );
    create table shop.labels (
      organization_id uuid not null, box_id uuid not null, primary key (organization_id, box_id),
      foreign key (organization_id, box_id) references shop.boxes
    )`);
  const label = await ensure("shop.labels");
  const box = await ensure("shop.boxes");
  assert.equal(label.box_id, box.id);
  assert.equal(box.shelf_id, (await ensure("shop.shelves")).id);
  assert.equal(box.keeper_id, tenant.owner.userId, "where there is a choice, rows belong to the given person");
});

test("where a parent has a row already, a spare row gets a parent of its own", async () => {
  const { ensure, spare } = await makerOf("");
  const row = await ensure("shop.labels");
  assert.notEqual((await spare("shop.labels")).box_id, row.box_id);
});

test("optional foreign keys stay empty where a check refuses them together", async () => {
  const { ensure } = await makerOf(`
    create table shop.notes (
      organization_id uuid not null, id uuid default gen_random_uuid(), shelf_id uuid, box_id uuid, primary key (organization_id, id),
      foreign key (organization_id, shelf_id) references shop.shelves,
      foreign key (organization_id, box_id) references shop.boxes,
      check (num_nonnulls(shelf_id, box_id) < 2)
    )`);
  const { shelf_id: shelf, box_id: box } = await ensure("shop.notes");
  assert.equal([shelf, box].filter((id) => id !== null).length, 1);
});

test("checks over several columns get values that pass them together", async () => {
  const { ensure } = await makerOf(`
    create table shop.parcels (
      organization_id uuid primary key, state text not null default 'packed' check (state in ('packed', 'sent')),
      sent_at timestamptz, weight integer, volume integer,
      check ((sent_at is not null) = (state = 'packed')), check (num_nonnulls(weight, volume) = 1)
    )`);
  const parcel = await ensure("shop.parcels");
  assert.equal([parcel.weight, parcel.volume].filter((value) => value !== null).length, 1);
});

test("a row that a trigger makes with its parent is found, and stands for a spare one", async () => {
  const { ensure, spare } = await makerOf(`
    create table shop.pots (organization_id uuid not null, id uuid default gen_random_uuid(), primary key (organization_id, id));
    create table shop.lids (organization_id uuid not null, pot_id uuid not null, primary key (organization_id, pot_id),
      foreign key (organization_id, pot_id) references shop.pots);
    create function shop.add_lid() returns trigger language plpgsql as
      $$ begin insert into shop.lids values (new.organization_id, new.id); return null; end $$;
    create trigger add_lid after insert on shop.pots for each row execute function shop.add_lid()`);
  const lid = await ensure("shop.lids");
  assert.deepEqual(await spare("shop.lids"), lid);
});

test("a spare row leaves nothing behind", async () => {
  const { spare } = await makerOf(
    "create table shop.empty (organization_id uuid primary key references organizations.organizations)",
  );
  await spare("shop.empty");
  const { rows } = await admin.query("select from shop.empty");
  assert.equal(rows.length, 0);
});

test("a table that no row can be made for is named, with the reason and what to do", async () => {
  const { ensure } = await makerOf(`
    create table shop.odd (organization_id uuid primary key, word text not null check (word ~ '^(tenon){2}$'));
    create table shop.odder (organization_id uuid primary key, a integer not null, b integer not null, check (a > b and b > a));
    create table shop.oddest (organization_id uuid primary key, place tid not null)`);
  await assert.rejects(ensure("shop.odd"), {
    message:
      "No row could be made for shop.odd: no known value of word passes (word ~ '^(tenon){2}$'::text). Add an override in test/isolation/rows.ts.",
  });
  await assert.rejects(
    ensure("shop.odder"),
    /^Error: No row could be made for shop\.odder: new row .* violates check constraint "odder_check"\. Add/,
  );
  await assert.rejects(ensure("shop.oddest"), /shop\.oddest: nothing is known of the type tid of place\./);
});

test("a table whose required foreign keys go in a circle is named", async () => {
  const { ensure } = await makerOf(`
    create table shop.hens (organization_id uuid not null, id uuid default gen_random_uuid(), egg_id uuid not null, primary key (organization_id, id));
    create table shop.eggs (organization_id uuid not null, id uuid default gen_random_uuid(), hen_id uuid not null, primary key (organization_id, id),
      foreign key (organization_id, hen_id) references shop.hens);
    alter table shop.hens add foreign key (organization_id, egg_id) references shop.eggs`);
  await assert.rejects(
    ensure("shop.hens"),
    /No row could be made for shop\.hens: its required foreign keys go in a circle\./,
  );
});
