-- Files that become rows: an import names the table that it is for, and everything that it has done so far stands in its own row,
-- written in the transaction that did it.

call kernel.module_schema('imports');

create table imports.imports (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  noun text not null check (length(noun) between 1 and 100),
  format text not null check (format in ('csv', 'json', 'ndjson')),
  delimiter text check (length(delimiter) = 1),
  mapping jsonb not null check (jsonb_typeof(mapping) = 'object' and pg_column_size(mapping) <= 65536),
  constants jsonb not null default '{}' check (jsonb_typeof(constants) = 'object' and pg_column_size(constants) <= 65536),
  key_columns jsonb not null default '[]' check (jsonb_typeof(key_columns) = 'array' and jsonb_array_length(key_columns) <= 10 and pg_column_size(key_columns) <= 4096),
  on_error text not null check (on_error in ('stop', 'skip')),
  state text not null default 'waiting'
    check (state in ('waiting', 'checking', 'loading', 'completed', 'failed', 'cancelled', 'undoing', 'undone')),
  reason text check (length(reason) <= 2000),
  file_id uuid,
  bytes bigint not null check (bytes >= 0),
  task_id uuid,
  position bigint not null default 0 check (position >= 0),
  is_half boolean not null default false,
  progress smallint not null default 0 check (progress between 0 and 100),
  rows_total bigint not null default 0 check (rows_total >= 0),
  rows_created bigint not null default 0 check (rows_created >= 0),
  rows_updated bigint not null default 0 check (rows_updated >= 0),
  rows_wrong bigint not null default 0 check (rows_wrong >= 0),
  errors_total bigint not null default 0 check (errors_total >= 0),
  undone_before bigint,
  rows_deleted bigint not null default 0 check (rows_deleted >= 0),
  rows_restored bigint not null default 0 check (rows_restored >= 0),
  rows_kept bigint not null default 0 check (rows_kept >= 0),
  created_by uuid,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict
);
comment on table imports.imports is 'A file that becomes rows of a table. Sensitivity: medium.';
comment on column imports.imports.noun is 'What its rows become, as operations name it, such as crm.customer.';
comment on column imports.imports.format is 'How the file is written.';
comment on column imports.imports.delimiter is 'What stands between the values of a row of CSV.';
comment on column imports.imports.mapping is 'Column of the table → column of the file.';
comment on column imports.imports.constants is 'Column of the table → the value that it has in every row.';
comment on column imports.imports.key_columns is 'The columns that tell which row of the table one of the file is; none where all are new.';
comment on column imports.imports.on_error is 'Whether one wrong row stops everything, or is left out.';
comment on column imports.imports.state is 'Where it stands.';
comment on column imports.imports.reason is 'Why it failed.';
comment on column imports.imports.file_id is 'The file, which is kept for a day.';
comment on column imports.imports.bytes is 'How long the file is.';
comment on column imports.imports.task_id is 'The task that does it or undoes it, which may be gone.';
comment on column imports.imports.position is 'How many rows of the file are done, in this state.';
comment on column imports.imports.is_half is 'Whether what is to be changed by the rows behind the position has been changed, and what is new is still to come.';
comment on column imports.imports.progress is 'How far it is, 0 to 100.';
comment on column imports.imports.rows_total is 'How many rows the file has, as far as it was read.';
comment on column imports.imports.rows_created is 'How many rows it has made.';
comment on column imports.imports.rows_updated is 'How many rows it has changed.';
comment on column imports.imports.rows_wrong is 'How many rows of the file were wrong.';
comment on column imports.imports.errors_total is 'How many errors they had, and the file itself.';
comment on column imports.imports.undone_before is 'The entry of the record (its seq) from which on everything has been undone.';
comment on column imports.imports.rows_deleted is 'How many of the rows that it made were deleted again.';
comment on column imports.imports.rows_restored is 'How many of the rows that it changed are again as they were.';
comment on column imports.imports.rows_kept is 'How many of its rows could not be undone.';
comment on column imports.imports.created_by is 'Who imported it.';
comment on column imports.imports.ended_at is 'When it came to its end.';
call kernel.tenant_table('imports.imports',
  unrecorded => '{position,is_half,progress,rows_total,rows_created,rows_updated,rows_wrong,errors_total,undone_before,rows_deleted,rows_restored,rows_kept}');
create index imports_by_noun on imports.imports (organization_id, noun, id);
comment on index imports.imports_by_noun is 'The imports into a table, newest first.';
create index imports_by_member on imports.imports (organization_id, created_by);
comment on index imports.imports_by_member is 'What a member imported.';

create table imports.errors (
  organization_id uuid not null,
  import_id uuid not null,
  part text not null check (part in ('import', 'undo')),
  number bigint not null check (number > 0),
  line bigint check (line > 0),
  column_name text check (length(column_name) <= 200),
  row_key text check (length(row_key) <= 1000),
  reason text not null check (length(reason) <= 2000),
  primary key (organization_id, import_id, part, number),
  foreign key (organization_id, import_id) references imports.imports on delete cascade
);
comment on table imports.errors is 'What was wrong with the rows of a file, and what could not be undone. Sensitivity: medium.';
comment on column imports.errors.import_id is 'The import.';
comment on column imports.errors.part is 'Whether it happened while rows were taken in, or while that was undone.';
comment on column imports.errors.number is 'Which one, from 1.';
comment on column imports.errors.line is 'The line of the file where the row begins.';
comment on column imports.errors.column_name is 'The column of the file.';
comment on column imports.errors.row_key is 'The key of the row that could not be undone.';
comment on column imports.errors.reason is 'What is wrong, and what to do.';
call kernel.tenant_table('imports.errors', audit => 'none', access => 'read', versions => false);

create index audit_logs_by_import on audit.audit_logs (organization_id, import_id, seq) where import_id is not null;
comment on index audit.audit_logs_by_import is 'What an import did, for undoing it.';

/*
  Moves an import on, in the transaction that did the work: only from where the worker believes it is, so that no row is taken in
  twice. `done` holds what the columns become, but for figures (rows_…), which are added. Errors beyond the kept ones are counted only.
*/
create function imports.advance(import uuid, from_state text, from_position bigint, from_half boolean, done jsonb, errors jsonb default '[]') returns void
  language plpgsql security definer set search_path = '' as $$
declare
  errors_kept constant integer := 100000;
  organization constant uuid := kernel.organization_id();
  i imports.imports;
  numbered bigint;
begin
  update imports.imports m set
      state = coalesce(done ->> 'state', m.state), reason = coalesce(done ->> 'reason', m.reason),
      position = coalesce((done ->> 'position')::bigint, m.position), is_half = coalesce((done ->> 'is_half')::boolean, false),
      progress = coalesce((done ->> 'progress')::smallint, m.progress),
      rows_total = greatest(m.rows_total, (done ->> 'position')::bigint),
      rows_created = m.rows_created + coalesce((done ->> 'rows_created')::bigint, 0),
      rows_updated = m.rows_updated + coalesce((done ->> 'rows_updated')::bigint, 0),
      rows_wrong = m.rows_wrong + coalesce((done ->> 'rows_wrong')::bigint, 0),
      errors_total = m.errors_total + case when from_state = 'undoing' then 0 else jsonb_array_length(errors) end,
      undone_before = coalesce((done ->> 'undone_before')::bigint, m.undone_before),
      rows_deleted = m.rows_deleted + coalesce((done ->> 'rows_deleted')::bigint, 0),
      rows_restored = m.rows_restored + coalesce((done ->> 'rows_restored')::bigint, 0),
      rows_kept = m.rows_kept + coalesce((done ->> 'rows_kept')::bigint, 0),
      ended_at = case when done ->> 'state' in ('completed', 'failed', 'undone') then now() end
    where m.organization_id = organization and m.id = import
      and m.state = from_state and m.position = from_position and m.is_half = from_half
    returning * into i;
  if not found then
    raise exception 'The import is not where it was' using errcode = 'TN011', hint = 'It was cancelled, or another worker has it.';
  end if;
  numbered := case when from_state = 'undoing' then i.rows_kept else i.errors_total end - jsonb_array_length(errors);
  insert into imports.errors (organization_id, import_id, part, number, line, column_name, row_key, reason)
    select organization, import, case when from_state = 'undoing' then 'undo' else 'import' end, numbered + e.place,
           (e.value ->> 'line')::bigint, left(e.value ->> 'column', 200), left(e.value ->> 'row_key', 1000), left(e.value ->> 'reason', 2000)
    from jsonb_array_elements(errors) with ordinality as e (value, place) where numbered + e.place <= errors_kept;
end
$$;
comment on function imports.advance is 'Moves an import on from where its worker believes it is, or raises TN011.';
call kernel.run_as_definer('imports.advance');
grant execute on function imports.advance to tenon_worker, tenon_loader;

-- The rows themselves are copied in by the loader, which enters with the claim of the worker that it works for.
grant execute on function tasks.enter to tenon_loader;

call organizations.add_permission('imports.import.read', 'See imports of files, and what was wrong in them', '{admin,member}');
call organizations.add_permission('imports.import.write', 'Import files into what one may write, and undo it', '{admin,member}');
