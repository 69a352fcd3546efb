-- Datasets: what is labeled, and what benchmarks are made of.

call kernel.module_schema('datasets');

create table datasets.datasets (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid,
  name text not null check (length(btrim(name)) between 1 and 200),
  task_type text not null default 'text_classification' check (task_type in ('text_classification')),
  primary key (organization_id, id),
  foreign key (organization_id, project_id) references projects.projects on delete restrict
);
comment on table datasets.datasets is 'A collection of items, in an order. Sensitivity: medium.';
comment on column datasets.datasets.project_id is 'The project it was made for.';
comment on column datasets.datasets.name is 'Name as people write it.';
comment on column datasets.datasets.task_type is 'What is asked about its items.';
comment on index datasets.datasets_pkey is 'Finds a dataset by id.';
create index datasets_by_project on datasets.datasets (organization_id, project_id);
comment on index datasets.datasets_by_project is 'The datasets of a project.';
call kernel.tenant_table('datasets.datasets');

create table datasets.dataset_items (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  dataset_id uuid not null,
  position bigint not null check (position > 0),
  input text not null check (length(input) between 1 and 100000),
  primary key (organization_id, id),
  unique (organization_id, dataset_id, position),
  foreign key (organization_id, dataset_id) references datasets.datasets on delete cascade
);
comment on table datasets.dataset_items is 'One thing to label or to predict. Sensitivity: high.';
comment on column datasets.dataset_items.dataset_id is 'The dataset it belongs to.';
comment on column datasets.dataset_items.position is 'Its place in the dataset, from 1.';
comment on column datasets.dataset_items.input is 'The text.';
comment on index datasets.dataset_items_pkey is 'Finds an item by id.';
comment on index datasets.dataset_items_organization_id_dataset_id_position_key is 'Reads a dataset in its order.';
call kernel.tenant_table('datasets.dataset_items');
