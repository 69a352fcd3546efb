-- Files that tasks read or write: uploads too large to be read while their sender waits, and what is taken out. They are kept for a day.

create table tasks.files (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  type text not null check (length(type) between 1 and 100),
  name text not null check (length(name) between 1 and 255),
  media_type text not null check (length(media_type) between 1 and 100),
  bytes bigint check (bytes between 0 and 2000000000),
  outcome jsonb check (pg_column_size(outcome) <= 262144),
  primary key (organization_id, id)
);
comment on table tasks.files is 'A file that a task reads or writes, for a day. Sensitivity: high.';
comment on column tasks.files.type is 'The type of that task: who may read the file is decided by what the task was for.';
comment on column tasks.files.name is 'What the file is called.';
comment on column tasks.files.media_type is 'What is in it.';
comment on column tasks.files.bytes is 'How long it is; null until all of it is there.';
comment on column tasks.files.outcome is 'What came of taking it in: it is taken in once, however often that is tried.';
call kernel.tenant_table('tasks.files', unrecorded => '{bytes,outcome}');
create index files_by_time on tasks.files (created_at);
comment on index tasks.files_by_time is 'What is removed next, across organizations.';

create table tasks.file_chunks (
  organization_id uuid not null,
  file_id uuid not null,
  position integer not null check (position >= 0),
  bytes bytea not null check (octet_length(bytes) between 1 and 1048576),
  primary key (organization_id, file_id, position),
  foreign key (organization_id, file_id) references tasks.files on delete cascade
);
comment on table tasks.file_chunks is 'The pieces of files. Sensitivity: high.';
comment on column tasks.file_chunks.file_id is 'The file.';
comment on column tasks.file_chunks.position is 'Which piece, from 0.';
comment on column tasks.file_chunks.bytes is 'What is in it.';
call kernel.tenant_table('tasks.file_chunks', audit => 'none');
-- What is in files rarely gets smaller by PostgreSQL's own packing, and is read once.
alter table tasks.file_chunks alter column bytes set storage external;

create function tasks.remove_old_files(batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  removed integer;
begin
  delete from tasks.files f where (f.organization_id, f.id) in (
    select o.organization_id, o.id from tasks.files o where o.created_at < now() - interval '1 day' order by o.created_at limit batch for update skip locked);
  get diagnostics removed = row_count;
  return removed;
end
$$;
comment on function tasks.remove_old_files(integer) is 'Removes files of more than a day ago. Returns how many, at most a batch.';
call kernel.run_as_definer('tasks.remove_old_files');
grant execute on function tasks.remove_old_files to tenon_dispatcher;
