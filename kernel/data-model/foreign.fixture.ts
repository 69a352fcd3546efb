import { randomBytes } from "node:crypto";
import type pg from "pg";
import { atEnd, openAdmin, testServer } from "../../test/harness.ts";
import { type Login, withConnection } from "../database/connection.ts";

/** Makes an empty database that is no Tenon's, and runs `sql` in it; it is dropped after the file's tests. */
export async function createForeignDatabase(sql: string): Promise<{ login: Login; client: pg.Client }> {
  const name = `${testServer.prefix}_foreign_${randomBytes(6).toString("hex")}`;
  const server = { ...testServer.admin, database: "postgres" };
  await withConnection(server, (client) => client.query(`create database ${name} template template0`));
  atEnd(() => withConnection(server, (client) => client.query(`drop database if exists ${name} with (force)`)));
  const login = { ...testServer.admin, database: name };
  const client = await openAdmin(login);
  if (sql) await client.query(sql);
  return { login, client };
}

/** A database of `count` tables that refer to one another, with the mistakes that people make. */
export function manyTables(count: number): string {
  const tables = Array.from({ length: count }, (_, number) => {
    const parent = Math.floor(number / 2);
    const reference = number === 0 ? "" : `, parent_id bigint references table_${parent}`;
    return `create table table_${number} (id bigserial primary key, tenant_id int, name varchar(80) unique, total_price float8,
      changed_at timestamp, amount numeric(12, 2) default 0.00${reference})`;
  });
  return `${tables.join(";\n")}; create table loose (word text)`;
}

export const LONG_NAME = "a".repeat(63);

/** What is rare, and what names can be like. No role of its own: roles belong to the whole server. */
export const ODD_DATABASE = `
  create extension btree_gist;
  create schema "Odd ""Schema""";
  create type "Odd ""Schema""".mood as enum ('good', 'it''s bad', 'back\\slash');
  create domain "Odd ""Schema""".short_text as text default 'x' not null constraint "is short" check (length(value) < 10);
  create type public.address as (street text, number int);
  create function public.half(amount numeric) returns numeric language sql immutable return amount / 2;
  create function public.stamp() returns trigger language plpgsql as $$ begin new.changed := now(); return new; end $$;
  comment on function public.stamp() is 'Keeps the time of a change.';
  create table "Select" (
    "from" int generated always as identity, "table" text not null, "pk" int, "fk-x" numeric(10,2)[], "a ""b"" \`c\` %d\\e" text,
    "направо" timestamptz(3), "1st" interval day to second, "direction TB" bit varying(3), "emoji 🙂" "char",
    half numeric(10, 2) generated always as (public.half(1.0)) stored, mood "Odd ""Schema""".mood default 'good',
    moods "Odd ""Schema""".mood[], short "Odd ""Schema""".short_text, home public.address, sorted text collate "C",
    changed timestamptz, primary key ("from", "table"), unique nulls not distinct ("pk"), check ("pk" > 0) not valid
  );
  comment on table "Select" is E'Line one\\nline | two \`\`\`mermaid ''quoted'' \\\\. Sensitivity: high.';
  comment on column "Select"."from" is 'From | to <b>bold</b> *star*';
  create trigger "Stamp!" before update of "table", "pk" on "Select" for each row when (old."pk" is distinct from new."pk") execute function public.stamp();
  create table "naïve table" (
    id serial primary key, "select from" int, "select table" text, parent int references "naïve table",
    boss int not null unique references "naïve table" deferrable initially deferred,
    foreign key ("select from", "select table") references "Select" match simple on delete cascade
  );
  create unique index "Index ON ONLY" on "naïve table" (lower("select table") desc, "select from" nulls first) include (parent) where boss > 0;
  comment on index "Index ON ONLY" is 'Odd.';
  create table "end" ("one" int primary key); create table "END" ("many" int primary key references "end");
  create table public.pk (id int primary key); create table "to" (); create table "%" (a int); create table "_" (a int); create table "a.b" (c int);
  create table "Odd ""Schema"""."Select" (id uuid primary key default gen_random_uuid());
  create table ${LONG_NAME} (${"b".repeat(63)} int primary key);
  create table ${"a".repeat(62)}c (d int references ${LONG_NAME});
  create table bookings (
    tenant_id int, room int, during tstzrange, until date, constraint no_overlap exclude using gist (room with =, during with &&) where (room > 0)
  );
  alter table bookings enable row level security;
  create policy mine on bookings as permissive for select to public using (tenant_id = current_setting('app.tenant')::int);
  create policy "not ""yours""" on bookings as restrictive for insert to public with check (room > 0 or true);
  comment on policy mine on bookings is 'One''s own.';
  grant select, insert (room) on bookings to public; grant usage on schema public to public;
  create table events (id bigint, at timestamptz not null, kind text not null, primary key (id, at, kind)) partition by range (at);
  create table events_2026_01 partition of events for values from ('2026-01-01') to ('2026-02-01') partition by list (kind);
  create table "events 01 a" partition of events_2026_01 for values in ('a', 'it''s');
  create table events_rest partition of events default;
  create index on events (kind);
  create table orders (id int, event_id bigint, event_at timestamptz, event_kind text, foreign key (event_id, event_at, event_kind) references events);
  alter table orders enable row level security;
  create policy known on orders using (exists (select from bookings b where b.room = orders.id));
  create table animals (id int primary key, name text check (name <> ''));
  create table cats (lives int) inherits (animals);
  create view "View" with (security_barrier) as select b.room, s.short from bookings b, "Select" s;
  create view a_view as select room from "View";
  create materialized view figures as select count(*) as total from bookings; create unique index on figures (total);
  create sequence free_numbers increment by 5; create table numbered (n int default nextval('free_numbers'));
`;
