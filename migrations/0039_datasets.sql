-- Datasets: what is labeled, and what benchmarks are made of.

call kernel.module_schema('datasets');

create table datasets.datasets (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid,
  name text not null check (length(btrim(name)) between 1 and 200),
  description text not null default '' check (length(description) <= 20000),
  task_type text not null default 'text_classification' check (task_type in (
    'text_classification', 'text_multilabel', 'text_spans', 'text_relations', 'text_generation', 'translation', 'question_answering',
    'chat', 'pairwise', 'ranking', 'rating', 'regression', 'image_classification', 'object_detection', 'segmentation', 'keypoints',
    'audio_classification', 'transcription', 'video', 'time_series', 'other')),
  storage_url text check (length(storage_url) <= 2000),
  metadata jsonb not null default '{}' check (pg_column_size(metadata) <= 65536),
  primary key (organization_id, id),
  foreign key (organization_id, project_id) references projects.projects on delete restrict
);
comment on table datasets.datasets is 'A collection of items, in an order. Sensitivity: medium.';
comment on column datasets.datasets.project_id is 'The project it was made for.';
comment on column datasets.datasets.name is 'Name as people write it.';
comment on column datasets.datasets.description is 'What it is, and where it comes from.';
comment on column datasets.datasets.task_type is 'What is asked about its items.';
comment on column datasets.datasets.storage_url is 'Where its files are kept.';
comment on column datasets.datasets.metadata is 'What else is known of it, such as language, source and licence.';
comment on index datasets.datasets_pkey is 'Finds a dataset by id.';
create index datasets_by_project on datasets.datasets (organization_id, project_id);
comment on index datasets.datasets_by_project is 'The datasets of a project.';
call kernel.tenant_table('datasets.datasets');
create index datasets_by_time on datasets.datasets (organization_id, created_at);
comment on index datasets.datasets_by_time is 'All datasets, newest first.';

create table datasets.dataset_figures (
  organization_id uuid not null,
  dataset_id uuid not null,
  total_items bigint not null default 0 check (total_items >= 0),
  primary key (organization_id, dataset_id),
  foreign key (organization_id, dataset_id) references datasets.datasets on delete cascade
);
comment on table datasets.dataset_figures is 'How large a dataset is, kept by trigger. Sensitivity: low.';
comment on column datasets.dataset_figures.dataset_id is 'The dataset.';
comment on column datasets.dataset_figures.total_items is 'Items.';
call kernel.tenant_table('datasets.dataset_figures', audit => 'none', access => 'read');

create table datasets.dataset_items (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  dataset_id uuid not null,
  position bigint not null check (position > 0),
  input text check (length(input) between 1 and 100000),
  input_json jsonb check (pg_column_size(input_json) <= 1048576),
  file_name text check (length(file_name) <= 300),
  storage_key text check (length(storage_key) <= 500),
  primary key (organization_id, id),
  -- With the id it is the larger one of the two: else a table of new rows, which nobody has analyzed, has its foreign keys checked by it.
  constraint dataset_items_organization_id_dataset_id_position_key unique (organization_id, dataset_id, position) include (id),
  unique (organization_id, dataset_id, id),
  foreign key (organization_id, dataset_id) references datasets.datasets on delete cascade,
  constraint dataset_items_one_input check (num_nonnulls(input, input_json) = 1)
);
comment on table datasets.dataset_items is 'One thing to label or to predict. Sensitivity: high.';
comment on column datasets.dataset_items.dataset_id is 'The dataset it belongs to.';
comment on column datasets.dataset_items.position is 'Its place in the dataset, from 1.';
comment on column datasets.dataset_items.input is 'The text, where it is one.';
comment on column datasets.dataset_items.input_json is 'What is shown, where it is more than a text.';
comment on column datasets.dataset_items.file_name is 'The name of its file, where it has one.';
comment on column datasets.dataset_items.storage_key is 'Where its file is kept.';
comment on index datasets.dataset_items_pkey is 'Finds an item by id.';
comment on index datasets.dataset_items_organization_id_dataset_id_position_key is 'Reads a dataset in its order.';
comment on index datasets.dataset_items_organization_id_dataset_id_id_key is 'Proves that an answer is to an item of its own dataset.';
call kernel.tenant_table('datasets.dataset_items');

-- Items keep their order, so a version is told by the last of them.
create table datasets.versions (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  dataset_id uuid not null,
  number integer not null check (number > 0),
  note text not null default '' check (length(note) <= 2000),
  status text not null default 'draft' check (status in ('draft', 'published')),
  last_position bigint check (last_position > 0),
  item_count bigint check (item_count >= 0),
  content_hash bytea check (octet_length(content_hash) = 32),
  published_at timestamptz,
  created_by uuid default kernel.user_id(),
  primary key (organization_id, id),
  unique (organization_id, dataset_id, number),
  unique (organization_id, dataset_id, id),
  foreign key (organization_id, dataset_id) references datasets.datasets on delete cascade,
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict,
  constraint versions_published_whole check (case status when 'draft' then num_nonnulls(last_position, published_at) = 0 else num_nonnulls(last_position, published_at) = 2 end)
);
comment on table datasets.versions is 'A dataset as it was when it was published: its items up to one can no longer be changed. Sensitivity: low.';
comment on column datasets.versions.dataset_id is 'The dataset.';
comment on column datasets.versions.number is 'Which version it is, from 1.';
comment on column datasets.versions.note is 'What is new in it.';
comment on column datasets.versions.status is 'Whether it is published.';
comment on column datasets.versions.last_position is 'The last item that it has.';
comment on column datasets.versions.item_count is 'How many items it has, counted when it is published.';
comment on column datasets.versions.content_hash is 'SHA-256 over its items, in their order.';
comment on column datasets.versions.published_at is 'When it was published.';
comment on column datasets.versions.created_by is 'The member who made it.';
comment on index datasets.versions_organization_id_dataset_id_number_key is 'The versions of a dataset, in their order.';
comment on index datasets.versions_organization_id_dataset_id_id_key is 'Proves that what uses a version uses one of its own dataset.';
create index versions_by_maker on datasets.versions (organization_id, created_by);
comment on index datasets.versions_by_maker is 'The versions that a member made.';
call kernel.tenant_table('datasets.versions');
call kernel.state_order('datasets.versions', 'A version', '{"draft": ["published"], "published": []}');

-- The record names an answer by its own id: which items have one would tell which of them are checks.
create table datasets.dataset_answers (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  dataset_id uuid not null,
  version_id uuid not null,
  item_id uuid not null,
  answer jsonb not null check (pg_column_size(answer) <= 262144),
  primary key (organization_id, id),
  unique (organization_id, version_id, item_id),
  foreign key (organization_id, dataset_id, version_id) references datasets.versions (organization_id, dataset_id, id) on delete cascade,
  foreign key (organization_id, dataset_id, item_id) references datasets.dataset_items (organization_id, dataset_id, id) on delete cascade
);
comment on table datasets.dataset_answers is 'The gold answers. No member reads them, only stewards and workers. Sensitivity: critical.';
comment on column datasets.dataset_answers.dataset_id is 'The dataset.';
comment on column datasets.dataset_answers.version_id is 'The version of it.';
comment on column datasets.dataset_answers.item_id is 'The item that it answers.';
comment on column datasets.dataset_answers.answer is 'The right answer: a text, a list, or what the task type asks for.';
comment on index datasets.dataset_answers_organization_id_version_id_item_id_key is 'One answer to an item in a version; what scoring reads.';
create index dataset_answers_by_dataset on datasets.dataset_answers (organization_id, dataset_id, version_id);
comment on index datasets.dataset_answers_by_dataset is 'The answers of a dataset.';
create index dataset_answers_by_item on datasets.dataset_answers (organization_id, dataset_id, item_id);
comment on index datasets.dataset_answers_by_item is 'The answers to an item, version by version.';
call kernel.tenant_table('datasets.dataset_answers', access => 'none', secrets => '{answer,item_id}');
grant select, insert, update, delete on datasets.dataset_answers to tenon_steward;
grant select, insert on datasets.dataset_answers to tenon_worker;

create function datasets.text_of(input text, input_json jsonb) returns text
  language sql immutable parallel safe
  return coalesce(input, jsonb_pretty(input_json));
comment on function datasets.text_of is 'An item as somebody reads it: what is more than a text is shown as JSON.';
grant execute on function datasets.text_of to tenon_definer, tenon_member, tenon_own, tenon_client, tenon_steward, tenon_worker;

-- What follows from what.

create function datasets.dataset_made() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into datasets.dataset_figures (organization_id, dataset_id) values (new.organization_id, new.id);
  return null;
end
$$;
comment on function datasets.dataset_made() is 'Gives a new dataset its figures.';
create trigger give_figures after insert on datasets.datasets for each row execute function datasets.dataset_made();

create function datasets.count_items() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  part record;
begin
  for part in execute format('
    select organization_id, dataset_id, sum(sign) as items
    from (%s) changed group by 1, 2 having sum(sign) <> 0 order by 1, 2', kernel.signed_rows(tg_op))
  loop
    update datasets.dataset_figures f set total_items = f.total_items + part.items
      where f.organization_id = part.organization_id and f.dataset_id = part.dataset_id;
  end loop;
  return null;
end
$$;
comment on function datasets.count_items() is 'Counts the items of datasets when some come or go.';

-- Who changes items and who publishes a version wait for each other, so that neither misses the other.
create function datasets.lock_items(organization uuid, dataset uuid, publishing boolean) returns void
  language plpgsql set search_path = '' as $$
declare
  key constant bigint := hashtextextended('datasets.versions' || organization || dataset, 0);
begin
  if publishing then
    perform pg_advisory_xact_lock(key);
  else
    perform pg_advisory_xact_lock_shared(key);
  end if;
end
$$;
comment on function datasets.lock_items(uuid, uuid, boolean) is 'Keeps a version from being published while items change, and items from changing while one is.';

create function datasets.is_published(organization uuid, dataset uuid, place bigint) returns boolean
  language plpgsql set search_path = '' as $$
begin
  perform datasets.lock_items(organization, dataset, false);
  return not kernel.is_erasing() and exists (
    select from datasets.versions v join datasets.datasets d on d.organization_id = v.organization_id and d.id = v.dataset_id
    where v.organization_id = organization and v.dataset_id = dataset and v.status = 'published' and v.last_position >= place);
end
$$;
comment on function datasets.is_published(uuid, uuid, bigint) is 'Whether a place of a dataset is within a published version; from then on none is published in this transaction''s time.';

create function datasets.refuse_published_change() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if datasets.is_published(old.organization_id, old.dataset_id, old.position)
    or tg_op = 'UPDATE' and datasets.is_published(new.organization_id, new.dataset_id, new.position)
  then
    raise exception 'This item is in a published version' using errcode = 'TN011', hint = 'Add a new item, and publish another version.';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function datasets.refuse_published_change() is 'Keeps the items of a published version as they are; they go with their dataset only.';

create function datasets.refuse_published_place() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  part record;
begin
  for part in select organization_id, dataset_id, min(position) as place from new_rows group by 1, 2 order by 1, 2 loop
    if datasets.is_published(part.organization_id, part.dataset_id, part.place) then
      raise exception 'Place % is in a published version', part.place using errcode = 'TN011', hint = 'Add the item behind the last one.';
    end if;
  end loop;
  return null;
end
$$;
comment on function datasets.refuse_published_place() is 'Lets new items come behind a published version only.';

-- The hash may come later: it takes time.
create function datasets.keep_published() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if tg_op <> 'INSERT' and old.status = 'published' and not kernel.is_erasing() and (
    tg_op = 'DELETE' and exists (select from datasets.datasets d where d.organization_id = old.organization_id and d.id = old.dataset_id)
    or tg_op = 'UPDATE' and (new.id, new.dataset_id, new.number, new.last_position, new.item_count, new.published_at, new.content_hash) is distinct from
                            (old.id, old.dataset_id, old.number, old.last_position, old.item_count, old.published_at, coalesce(old.content_hash, new.content_hash)))
  then
    raise exception 'A published version stays as it is' using errcode = 'TN011', hint = 'Publish another version.';
  elsif tg_op = 'DELETE' then
    return old;
  elsif new.status = 'published' and (tg_op = 'INSERT' or old.status <> 'published') then
    perform datasets.lock_items(new.organization_id, new.dataset_id, true);
    new.item_count := (
      select count(*) from datasets.dataset_items i
      where i.organization_id = new.organization_id and i.dataset_id = new.dataset_id and i.position <= new.last_position);
  end if;
  return new;
end
$$;
comment on function datasets.keep_published() is 'Keeps a published version as it is, with the number of its items; it goes with its dataset only.';

grant execute on function datasets.lock_items, datasets.is_published to tenon_definer;
call kernel.run_as_definer('datasets.dataset_made');
call kernel.run_as_definer('datasets.count_items');
call kernel.run_as_definer('datasets.refuse_published_change');
call kernel.run_as_definer('datasets.refuse_published_place');
call kernel.run_as_definer('datasets.keep_published');
call kernel.follow_changes('datasets.dataset_items', 'datasets.count_items');
create trigger keep_published before delete or update of dataset_id, position, input, input_json, file_name, storage_key on datasets.dataset_items
  for each row execute function datasets.refuse_published_change();
create trigger keep_published_places after insert on datasets.dataset_items referencing new table as new_rows
  for each statement execute function datasets.refuse_published_place();
create trigger keep_published before insert or update or delete on datasets.versions for each row execute function datasets.keep_published();

call organizations.add_permission('datasets.dataset.read', 'See datasets and their items', '{admin,task_admin,reviewer,viewer}');
call organizations.add_permission('datasets.dataset.write', 'Make, fill, change and freeze datasets', '{admin,task_admin}');
call organizations.add_permission('datasets.answer.manage', 'See and set gold answers', '{admin,task_admin}');
