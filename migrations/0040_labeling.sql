-- Labeling: who labels what, what a reviewer says of it, and how far a project is.
-- Labelers enter as tenon_own and see rows of their own only; the functions at the end are how they get at the work.

call kernel.module_schema('labeling');

create table labeling.configurations (
  organization_id uuid not null,
  project_id uuid not null,
  dataset_id uuid not null,
  instructions text not null default '' check (length(instructions) <= 20000),
  overlap integer not null default 1 check (overlap between 1 and 20),
  label_price bigint check (label_price between 0 and 1000000),
  primary key (organization_id, project_id),
  foreign key (organization_id, project_id) references projects.projects on delete restrict,
  foreign key (organization_id, dataset_id) references datasets.datasets on delete restrict
);
comment on table labeling.configurations is 'What makes a project a labeling project. Sensitivity: medium.';
comment on column labeling.configurations.project_id is 'The project.';
comment on column labeling.configurations.dataset_id is 'The dataset that is labeled.';
comment on column labeling.configurations.instructions is 'What labelers are told.';
comment on column labeling.configurations.overlap is 'How many people label each text that is added from now on.';
comment on column labeling.configurations.label_price is 'What the project''s customer pays for an approved label, in minor units of the currency that they are billed in; null where nothing is billed.';
comment on index labeling.configurations_pkey is 'Finds the configuration of a project.';
create index configurations_by_dataset on labeling.configurations (organization_id, dataset_id);
comment on index labeling.configurations_by_dataset is 'The projects that label a dataset.';
call kernel.tenant_table('labeling.configurations');
create table labeling.choices (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid not null,
  position integer not null check (position between 1 and 500),
  name text not null check (length(btrim(name)) between 1 and 100),
  key text check (length(key) = 1),
  primary key (organization_id, id),
  unique (organization_id, project_id, id),
  unique (organization_id, project_id, position),
  unique (organization_id, project_id, name),
  unique (organization_id, project_id, key),
  foreign key (organization_id, project_id) references labeling.configurations on delete cascade
);
comment on table labeling.choices is 'The label set of a project: what a text can be labeled as. Sensitivity: low.';
comment on column labeling.choices.project_id is 'The project.';
comment on column labeling.choices.position is 'Its place in the set, from 1.';
comment on column labeling.choices.name is 'What the label says.';
comment on column labeling.choices.key is 'The single key that gives it, where it has one.';
comment on index labeling.choices_pkey is 'Finds a choice by id.';
comment on index labeling.choices_organization_id_project_id_id_key is 'Proves that a label is of its own project''s set.';
comment on index labeling.choices_organization_id_project_id_position_key is 'Lists a label set in its order.';
comment on index labeling.choices_organization_id_project_id_name_key is 'Finds a choice by what it says.';
comment on index labeling.choices_organization_id_project_id_key_key is 'One choice per key.';
call kernel.tenant_table('labeling.choices');

create table labeling.tasks (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid not null,
  item_id uuid not null,
  position bigint not null check (position > 0),
  overlap integer not null default 1 check (overlap between 1 and 20),
  priority smallint not null default 5 check (priority between 1 and 10),
  status text not null default 'pending' check (status in ('pending', 'in_progress', 'submitted', 'approved', 'rejected')),
  rework integer not null default 0 check (rework >= 0),
  lead_time_ms bigint not null default 0 check (lead_time_ms >= 0),
  primary key (organization_id, id),
  unique (organization_id, project_id, position),
  unique (organization_id, item_id, project_id),
  foreign key (organization_id, project_id) references labeling.configurations on delete restrict,
  foreign key (organization_id, item_id) references datasets.dataset_items on delete restrict
);
comment on table labeling.tasks is 'An item to be labeled in a project. Sensitivity: low.';
comment on column labeling.tasks.project_id is 'The project.';
comment on column labeling.tasks.item_id is 'The item.';
comment on column labeling.tasks.position is 'Its place in the project''s queue.';
comment on column labeling.tasks.overlap is 'How many people label it.';
comment on column labeling.tasks.status is 'Kept by trigger, out of the task''s assignments: approved when enough labels are.';
comment on column labeling.tasks.priority is 'From 1, the most urgent, to 10.';
comment on column labeling.tasks.rework is 'How often a label of it was rejected, kept by trigger.';
comment on column labeling.tasks.lead_time_ms is 'How long its labelers took together, in milliseconds, kept by trigger.';
comment on index labeling.tasks_pkey is 'Finds a task by id.';
comment on index labeling.tasks_organization_id_project_id_position_key is 'Lists the tasks of a project in their order.';
comment on index labeling.tasks_organization_id_item_id_project_id_key is 'An item is labeled once in a project.';
call kernel.tenant_table('labeling.tasks', access => 'read', unrecorded => '{status,rework,lead_time_ms}');
grant insert (organization_id, project_id, item_id, position, overlap, priority) on labeling.tasks to tenon_member, tenon_worker;

create table labeling.assignments (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid not null,
  task_id uuid not null,
  position bigint not null,
  slot integer not null check (slot > 0),
  user_id uuid,
  status text not null default 'open' check (status in ('open', 'held', 'submitted', 'approved', 'rejected')),
  lease_expires_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, task_id, slot),
  unique (organization_id, task_id, user_id),
  foreign key (organization_id, task_id) references labeling.tasks on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict,
  check ((user_id is null) = (status = 'open')),
  check (status = 'rejected' or (lease_expires_at is not null) = (status = 'held'))
);
comment on table labeling.assignments is 'A slot for each label that a task wants: of one person, and of a person once in a task. Sensitivity: low.';
comment on column labeling.assignments.project_id is 'The task''s project.';
comment on column labeling.assignments.task_id is 'The task.';
comment on column labeling.assignments.position is 'The task''s place in the queue.';
comment on column labeling.assignments.slot is 'Which of the task''s labels it is, from 1.';
comment on column labeling.assignments.user_id is 'The labeler who holds it or has labeled it.';
comment on column labeling.assignments.status is 'Open to everyone, held by a labeler, or how the label in it stands.';
comment on column labeling.assignments.lease_expires_at is 'Until when it is held; after that anyone may take it, but for a rejected one, which stays its labeler''s.';
comment on index labeling.assignments_pkey is 'Finds an assignment by id.';
comment on index labeling.assignments_organization_id_task_id_slot_key is 'The slots of a task.';
comment on index labeling.assignments_organization_id_task_id_user_id_key is 'A person labels a task once.';
create index assignments_by_user on labeling.assignments (organization_id, user_id, project_id, status);
comment on index labeling.assignments_by_user is 'What a labeler holds, and what came back.';
create index assignments_to_take on labeling.assignments (organization_id, project_id, slot, position) where status in ('open', 'held');
comment on index labeling.assignments_to_take is 'The queue: first every text''s first label, then the second ones.';
create index assignments_approved on labeling.assignments (organization_id, project_id, position, slot) where status = 'approved';
comment on index labeling.assignments_approved is 'Reads the results in the order of the texts.';
call kernel.tenant_table('labeling.assignments', audit => 'none', access => 'read', own => 'user_id');

create table labeling.labels (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid not null,
  assignment_id uuid not null,
  user_id uuid not null,
  choice_id uuid not null,
  data jsonb check (pg_column_size(data) <= 262144),
  status text not null default 'submitted' check (status in ('draft', 'submitted', 'approved', 'rejected')),
  revision integer not null default 1 check (revision > 0),
  rework integer not null default 0 check (rework >= 0),
  decision text check (decision in ('approved', 'rejected')),
  lead_time_ms bigint not null default 0 check (lead_time_ms >= 0),
  submitted_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, assignment_id),
  foreign key (organization_id, assignment_id) references labeling.assignments on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict,
  foreign key (organization_id, project_id, choice_id) references labeling.choices (organization_id, project_id, id) on delete restrict
);
comment on table labeling.labels is 'What a labeler says of a text. Sensitivity: medium.';
comment on column labeling.labels.project_id is 'The project.';
comment on column labeling.labels.assignment_id is 'The slot it fills.';
comment on column labeling.labels.user_id is 'The labeler.';
comment on column labeling.labels.choice_id is 'What the text was labeled as.';
comment on column labeling.labels.data is 'What was said beyond the choice, where more is asked.';
comment on column labeling.labels.status is 'Waits for a review, or how the review went.';
comment on column labeling.labels.revision is 'Counts how often it was submitted.';
comment on column labeling.labels.rework is 'Counts how often it was rejected.';
comment on column labeling.labels.decision is 'The latest decision, which stands until the next one.';
comment on column labeling.labels.lead_time_ms is 'How long the labeler took, all revisions together, in milliseconds.';
comment on column labeling.labels.submitted_at is 'When it was submitted last.';
comment on index labeling.labels_pkey is 'Finds a label by id.';
comment on index labeling.labels_organization_id_assignment_id_key is 'One label per slot.';
create index labels_by_user on labeling.labels (organization_id, user_id);
comment on index labeling.labels_by_user is 'What a labeler has done.';
create index labels_by_choice on labeling.labels (organization_id, project_id, choice_id);
comment on index labeling.labels_by_choice is 'What was labeled as something.';
create index labels_to_review on labeling.labels (organization_id, project_id, submitted_at) where status = 'submitted';
comment on index labeling.labels_to_review is 'The labels that wait for a review, the longest wait first.';
call kernel.tenant_table('labeling.labels', access => 'read', own => 'user_id');
create table labeling.label_revisions (
  organization_id uuid not null,
  label_id uuid not null,
  revision integer not null check (revision > 0),
  user_id uuid not null,
  label text not null,
  lead_time_ms bigint not null check (lead_time_ms >= 0),
  primary key (organization_id, label_id, revision),
  foreign key (organization_id, label_id) references labeling.labels on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict
);
comment on table labeling.label_revisions is 'What a label said each time it was submitted. Append-only: it goes with its label, never alone. Sensitivity: medium.';
comment on column labeling.label_revisions.label_id is 'The label.';
comment on column labeling.label_revisions.revision is 'Which submission it was, from 1.';
comment on column labeling.label_revisions.user_id is 'The labeler.';
comment on column labeling.label_revisions.label is 'What the label said, in the words of that time.';
comment on column labeling.label_revisions.lead_time_ms is 'How long the labeler had taken by then, in milliseconds.';
comment on index labeling.label_revisions_pkey is 'The history of a label.';
create index label_revisions_by_user on labeling.label_revisions (organization_id, user_id);
comment on index labeling.label_revisions_by_user is 'What a labeler said, and how it changed.';
call kernel.tenant_table('labeling.label_revisions', audit => 'none', access => 'read', own => 'user_id');
create trigger append_only before update on labeling.label_revisions
  for each row execute function kernel.refuse_change('labeling.label_revisions');
revoke update on labeling.label_revisions from tenon_definer;

create table labeling.reviews (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  label_id uuid not null,
  revision integer not null check (revision > 0),
  labeler_id uuid not null,
  reviewer_id uuid not null,
  decision text not null check (decision in ('approved', 'rejected')),
  reason text check (length(btrim(reason)) between 1 and 2000),
  primary key (organization_id, id),
  unique (organization_id, label_id, revision),
  unique (organization_id, label_id, id),
  foreign key (organization_id, label_id) references labeling.labels on delete cascade,
  foreign key (organization_id, reviewer_id) references organizations.memberships on delete restrict,
  check (reviewer_id <> labeler_id),
  check (decision = 'approved' or reason is not null)
);
comment on table labeling.reviews is 'What a reviewer decided about a submitted label. Append-only: it goes with its label, never alone. Sensitivity: medium.';
comment on column labeling.reviews.label_id is 'The label.';
comment on column labeling.reviews.revision is 'The label''s revision that was judged; each is judged once.';
comment on column labeling.reviews.labeler_id is 'Whose label it is; nobody judges their own.';
comment on column labeling.reviews.reviewer_id is 'Who decided.';
comment on column labeling.reviews.decision is 'What was decided.';
comment on column labeling.reviews.reason is 'Why; a rejection has one.';
comment on index labeling.reviews_pkey is 'Finds a review by id.';
comment on index labeling.reviews_organization_id_label_id_revision_key is 'The reviews of a label, one per revision.';
comment on index labeling.reviews_organization_id_label_id_id_key is 'Proves that a comment is about a review of its own label.';
create index reviews_by_reviewer on labeling.reviews (organization_id, reviewer_id);
comment on index labeling.reviews_by_reviewer is 'What a reviewer has decided.';
call kernel.tenant_table('labeling.reviews', access => 'read');
create trigger append_only before update on labeling.reviews
  for each row execute function kernel.refuse_change('labeling.reviews');
revoke update on labeling.reviews from tenon_definer;

-- An import that added its numbers to the row that labeling changes would make every labeler wait for its end.
create table labeling.project_figures (
  organization_id uuid not null,
  project_id uuid not null,
  part uuid not null default kernel.uuid_v7(),
  total bigint not null default 0,
  pending bigint not null default 0,
  in_progress bigint not null default 0,
  submitted bigint not null default 0,
  approved bigint not null default 0,
  rejected bigint not null default 0,
  primary key (organization_id, project_id, part),
  foreign key (organization_id, project_id) references labeling.configurations on delete cascade
);
comment on table labeling.project_figures is 'A project''s figures, kept by trigger: the sums of its rows. Sensitivity: low.';
comment on column labeling.project_figures.project_id is 'The project.';
comment on column labeling.project_figures.part is 'The project''s own id in the row that labeling changes; each statement that adds tasks adds another row.';
comment on column labeling.project_figures.total is 'Tasks.';
comment on column labeling.project_figures.pending is 'Tasks that nobody holds.';
comment on column labeling.project_figures.in_progress is 'Tasks that are being labeled.';
comment on column labeling.project_figures.submitted is 'Tasks of which every label is in, and some wait for a review.';
comment on column labeling.project_figures.approved is 'Tasks of which enough labels are approved.';
comment on column labeling.project_figures.rejected is 'Tasks of which a label was rejected and did not come back yet.';
comment on index labeling.project_figures_pkey is 'The figures of a project.';
call kernel.tenant_table('labeling.project_figures', audit => 'none', access => 'read');

-- The order of states.

call kernel.state_order('labeling.labels', 'A label',
  '{"draft": ["submitted"], "submitted": ["approved", "rejected"], "rejected": ["submitted"], "approved": []}');
call kernel.state_order('labeling.assignments', 'An assignment',
  '{"open": ["held"], "held": ["open", "submitted"], "submitted": ["approved", "rejected"], "rejected": ["submitted"], "approved": []}');

-- What follows from what: a task's slots from the task, its status from the slots, the figures from tasks and labels.

create function labeling.add_slots() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into labeling.assignments (organization_id, project_id, task_id, position, slot)
    select a.organization_id, a.project_id, a.id, a.position, slot
    from added a cross join generate_series(1, a.overlap) as slot;
  insert into labeling.project_figures (organization_id, project_id, total, pending)
    select a.organization_id, a.project_id, count(*), count(*) from added a group by a.organization_id, a.project_id;
  return null;
end
$$;
comment on function labeling.add_slots() is 'Gives new tasks a slot for each label they want, and counts them.';
create trigger add_slots after insert on labeling.tasks
  referencing new table as added for each statement execute function labeling.add_slots();

create function labeling.task_status(organization uuid, task uuid) returns text
  language sql stable set search_path = ''
  begin atomic
    select case
      when bool_and(a.status = 'approved') then 'approved'
      when bool_and(a.status in ('submitted', 'approved')) then 'submitted'
      when bool_or(a.status = 'rejected') then 'rejected'
      when bool_and(a.status = 'open') then 'pending'
      else 'in_progress'
    end
    from labeling.assignments a where a.organization_id = organization and a.task_id = task;
  end;
comment on function labeling.task_status(uuid, uuid) is 'What the slots of a task make of it.';

-- The task is locked first: of two labels that come in at once, the second sees the first.
create function labeling.keep_task_status() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform from labeling.tasks t where t.organization_id = new.organization_id and t.id = new.task_id for no key update;
  update labeling.tasks t set status = labeling.task_status(new.organization_id, new.task_id)
    where t.organization_id = new.organization_id and t.id = new.task_id
      and t.status <> labeling.task_status(new.organization_id, new.task_id);
  return null;
end
$$;
comment on function labeling.keep_task_status() is 'Brings the status of a task up to date when one of its slots changes.';
create trigger keep_task_status after update of status on labeling.assignments
  for each row when (old.status <> new.status) execute function labeling.keep_task_status();

-- One row carries what a whole project's labelers change, so it is locked last, when the transaction commits: whoever waits
-- for it waits for nobody's work, and nobody who holds it waits for anything else.

create function labeling.open_figures() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into labeling.project_figures (organization_id, project_id, part) values (new.organization_id, new.project_id, new.project_id);
  return null;
end
$$;
comment on function labeling.open_figures() is 'Gives a new labeling project the row that its figures are kept in.';
create trigger open_figures after insert on labeling.configurations for each row execute function labeling.open_figures();

create function labeling.count_task() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update labeling.project_figures f set
      pending = f.pending + (new.status = 'pending')::integer - (old.status = 'pending')::integer,
      in_progress = f.in_progress + (new.status = 'in_progress')::integer - (old.status = 'in_progress')::integer,
      submitted = f.submitted + (new.status = 'submitted')::integer - (old.status = 'submitted')::integer,
      approved = f.approved + (new.status = 'approved')::integer - (old.status = 'approved')::integer,
      rejected = f.rejected + (new.status = 'rejected')::integer - (old.status = 'rejected')::integer
    where f.organization_id = new.organization_id and f.project_id = new.project_id and f.part = new.project_id;
  return null;
end
$$;
comment on function labeling.count_task() is 'Counts a task over from one status to another.';
create constraint trigger count_task after update of status on labeling.tasks deferrable initially deferred
  for each row when (old.status <> new.status) execute function labeling.count_task();

create function labeling.keep_revision() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into labeling.label_revisions (organization_id, label_id, revision, user_id, label, lead_time_ms)
    select new.organization_id, new.id, new.revision, new.user_id, c.name, new.lead_time_ms
    from labeling.choices c where c.organization_id = new.organization_id and c.id = new.choice_id;
  return null;
end
$$;
comment on function labeling.keep_revision() is 'Keeps what a label said when it was submitted.';
create trigger keep_revision after insert or update of revision on labeling.labels
  for each row execute function labeling.keep_revision();

call kernel.run_as_definer('labeling.add_slots');
call kernel.run_as_definer('labeling.keep_task_status');
call kernel.run_as_definer('labeling.open_figures');
call kernel.run_as_definer('labeling.count_task');
call kernel.run_as_definer('labeling.keep_revision');
grant execute on function labeling.task_status to tenon_definer;

insert into organizations.permissions (name, description) values
  ('labeling.project.read', 'See labeling projects, their label sets and figures'),
  ('labeling.project.manage', 'Set up labeling projects, import texts and take the results out'),
  ('labeling.label.write', 'Label texts'),
  ('labeling.review.write', 'Approve and reject labels');
insert into organizations.role_template_permissions (role, permission)
  select t.name, p.name from organizations.role_templates t join organizations.permissions p on p.name like 'labeling.%'
  where t.name in ('owner', 'admin', 'task_admin')
     or (t.name in ('reviewer', 'labeler', 'viewer') and p.name = 'labeling.project.read')
     or (t.name = 'reviewer' and p.name = 'labeling.review.write')
     or (t.name = 'labeler' and p.name = 'labeling.label.write');
insert into organizations.role_permissions (organization_id, role_id, permission)
  select r.organization_id, r.id, p.permission
  from organizations.roles r join organizations.role_template_permissions p on p.role = r.template and p.permission like 'labeling.%';
