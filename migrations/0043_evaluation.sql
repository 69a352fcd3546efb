-- Evaluation: benchmarks, who takes part, what they hand in, and how good it is.

call kernel.module_schema('evaluation');

create table evaluation.benchmarks (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 200),
  description text not null default '' check (length(description) <= 50000),
  config jsonb not null default '{}' check (pg_column_size(config) <= 65536),
  dataset_id uuid not null,
  version_id uuid not null,
  status text not null default 'draft' check (status in ('draft', 'open', 'closed', 'archived')),
  deadline timestamptz,
  daily_quota integer check (daily_quota > 0),
  total_quota integer check (total_quota > 0),
  public_percentage smallint not null default 100 check (public_percentage between 0 and 100),
  created_by uuid default kernel.user_id(),
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, dataset_id, version_id) references datasets.versions (organization_id, dataset_id, id) on delete restrict,
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict
);
comment on table evaluation.benchmarks is 'Items to predict, and the rules of the comparison. Sensitivity: low.';
comment on column evaluation.benchmarks.name is 'Name as people write it; an organization has one of it.';
comment on column evaluation.benchmarks.description is 'What is to be predicted, and how it is scored.';
comment on column evaluation.benchmarks.config is 'How predictions have to look.';
comment on column evaluation.benchmarks.dataset_id is 'The dataset.';
comment on column evaluation.benchmarks.version_id is 'The version of it that is predicted.';
comment on column evaluation.benchmarks.status is 'Whether predictions are taken.';
comment on column evaluation.benchmarks.deadline is 'Until when they are.';
comment on column evaluation.benchmarks.daily_quota is 'How often a participant may hand in on a day (UTC); null means any number.';
comment on column evaluation.benchmarks.total_quota is 'How often a participant may hand in at all; null means any number.';
comment on column evaluation.benchmarks.public_percentage is 'How much of the items the public score is of; the rest is the private part.';
comment on column evaluation.benchmarks.created_by is 'The member who made it.';
comment on index evaluation.benchmarks_organization_id_name_key is 'Finds a benchmark by name.';
create index benchmarks_by_version on evaluation.benchmarks (organization_id, dataset_id, version_id);
comment on index evaluation.benchmarks_by_version is 'The benchmarks made of a dataset.';
create index benchmarks_by_status on evaluation.benchmarks (organization_id, status, deadline);
comment on index evaluation.benchmarks_by_status is 'The benchmarks that are open, the most urgent first.';
create index benchmarks_by_maker on evaluation.benchmarks (organization_id, created_by);
comment on index evaluation.benchmarks_by_maker is 'The benchmarks that a member made.';
call kernel.tenant_table('evaluation.benchmarks');
call kernel.state_order('evaluation.benchmarks', 'A benchmark',
  '{"draft": ["open", "archived"], "open": ["closed"], "closed": ["open", "archived"], "archived": []}');

create table evaluation.benchmark_metrics (
  organization_id uuid not null,
  benchmark_id uuid not null,
  metric text not null check (metric in ('accuracy', 'f1_micro', 'f1_macro', 'f1_weighted')),
  is_primary boolean not null default false,
  is_tie_breaker boolean not null default false check (not (is_tie_breaker and is_primary)),
  parameters jsonb not null default '{}' check (pg_column_size(parameters) <= 16384),
  primary key (organization_id, benchmark_id, metric),
  foreign key (organization_id, benchmark_id) references evaluation.benchmarks on delete cascade
);
comment on table evaluation.benchmark_metrics is 'How good predictions are, by which measures. Sensitivity: low.';
comment on column evaluation.benchmark_metrics.benchmark_id is 'The benchmark.';
comment on column evaluation.benchmark_metrics.metric is 'The measure, such as f1_macro.';
comment on column evaluation.benchmark_metrics.is_primary is 'Whether the ranking goes by it.';
comment on column evaluation.benchmark_metrics.is_tie_breaker is 'Whether it ranks those who are as good by the first one.';
comment on column evaluation.benchmark_metrics.parameters is 'How it is worked out.';
create unique index benchmark_metrics_one_primary on evaluation.benchmark_metrics (organization_id, benchmark_id) where is_primary;
comment on index evaluation.benchmark_metrics_one_primary is 'A ranking goes by one measure.';
create unique index benchmark_metrics_one_tie_breaker on evaluation.benchmark_metrics (organization_id, benchmark_id) where is_tie_breaker;
comment on index evaluation.benchmark_metrics_one_tie_breaker is 'And by one more where that one does not decide.';
call kernel.tenant_table('evaluation.benchmark_metrics');

create table evaluation.phases (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  benchmark_id uuid not null,
  name text not null check (length(btrim(name)) between 1 and 200),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  daily_quota integer check (daily_quota > 0),
  primary key (organization_id, id),
  unique (organization_id, benchmark_id, id),
  foreign key (organization_id, benchmark_id) references evaluation.benchmarks on delete cascade,
  constraint phases_end_after_start check (ends_at > starts_at),
  constraint phases_no_overlap exclude using gist (
    organization_id extensions.gist_uuid_ops with =, benchmark_id extensions.gist_uuid_ops with =, tstzrange(starts_at, ends_at) with &&)
);
comment on table evaluation.phases is 'Windows in which predictions are taken; a benchmark without any takes them whenever it is open. Sensitivity: low.';
comment on column evaluation.phases.benchmark_id is 'The benchmark.';
comment on column evaluation.phases.name is 'Name as people read it.';
comment on column evaluation.phases.starts_at is 'When it begins.';
comment on column evaluation.phases.ends_at is 'When it ends; the next one may begin then.';
comment on column evaluation.phases.daily_quota is 'How often a participant may hand in on a day of it; null means as the benchmark says.';
comment on index evaluation.phases_organization_id_benchmark_id_id_key is 'Proves that a submission is in a phase of its own benchmark.';
comment on index evaluation.phases_no_overlap is 'No two phases at a time; finds the one that is on.';
call kernel.tenant_table('evaluation.phases');
create index phases_by_benchmark on evaluation.phases (organization_id, benchmark_id, starts_at);
comment on index evaluation.phases_by_benchmark is 'The phases of a benchmark, in their order.';

create table evaluation.participants (
  organization_id uuid not null,
  benchmark_id uuid not null,
  user_id uuid not null,
  status text not null default 'active' check (status in ('active', 'removed')),
  joined_at timestamptz not null default now(),
  primary key (organization_id, benchmark_id, user_id),
  foreign key (organization_id, benchmark_id) references evaluation.benchmarks on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict
);
comment on table evaluation.participants is 'Members who may see a benchmark and hand in. Sensitivity: low.';
comment on column evaluation.participants.benchmark_id is 'The benchmark.';
comment on column evaluation.participants.user_id is 'The member.';
comment on column evaluation.participants.status is 'Whether the member may still hand in.';
comment on column evaluation.participants.joined_at is 'Since when.';
create index participants_by_member on evaluation.participants (organization_id, user_id, benchmark_id);
comment on index evaluation.participants_by_member is 'The benchmarks that a member takes part in.';
call kernel.tenant_table('evaluation.participants', own => 'user_id');

create table evaluation.submissions (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  benchmark_id uuid not null,
  user_id uuid not null,
  phase_id uuid,
  name text not null default '' check (length(name) <= 200),
  status text not null default 'queued' check (status in ('queued', 'processing', 'completed', 'failed')),
  submitted_at timestamptz not null default now(),
  scored_at timestamptz,
  rank integer check (rank > 0),
  prediction_count bigint not null default 0 check (prediction_count >= 0),
  task_id uuid,
  error_code text check (error_code ~ '^[a-z][a-z_]*$' and length(error_code) <= 64),
  error text check (length(error) <= 5000),
  primary key (organization_id, id),
  unique (organization_id, benchmark_id, user_id, id),
  foreign key (organization_id, benchmark_id) references evaluation.benchmarks on delete restrict,
  foreign key (organization_id, benchmark_id, user_id) references evaluation.participants on delete restrict,
  foreign key (organization_id, benchmark_id, phase_id) references evaluation.phases (organization_id, benchmark_id, id) on delete restrict,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict,
  constraint submissions_scored_when_completed check ((scored_at is not null) = (status = 'completed')),
  constraint submissions_failed_with_error check (status <> 'failed' or error is not null)
);
comment on table evaluation.submissions is 'Predictions that a participant handed in. Sensitivity: medium.';
comment on column evaluation.submissions.benchmark_id is 'The benchmark.';
comment on column evaluation.submissions.user_id is 'The participant.';
comment on column evaluation.submissions.phase_id is 'The phase in which it came, set by trigger.';
comment on column evaluation.submissions.name is 'What the participant calls it.';
comment on column evaluation.submissions.status is 'How far the scoring is.';
comment on column evaluation.submissions.submitted_at is 'When it came, set by trigger.';
comment on column evaluation.submissions.scored_at is 'When it was scored.';
comment on column evaluation.submissions.rank is 'Its public rank when it was scored, where it was its participant''s best.';
comment on column evaluation.submissions.prediction_count is 'How many items it predicts; the others are wrong.';
comment on column evaluation.submissions.task_id is 'The task that scores it, which may be gone.';
comment on column evaluation.submissions.error_code is 'Why it could not be scored, in a word that stays the same.';
comment on column evaluation.submissions.error is 'Why it could not be scored.';
comment on index evaluation.submissions_organization_id_benchmark_id_user_id_id_key is 'Proves that a score is of its own benchmark and participant.';
create index submissions_by_participant on evaluation.submissions (organization_id, benchmark_id, user_id, submitted_at);
comment on index evaluation.submissions_by_participant is 'What a participant handed in; what quotas count.';
create index submissions_by_member on evaluation.submissions (organization_id, user_id, submitted_at);
comment on index evaluation.submissions_by_member is 'All that a member handed in, newest first.';
create index submissions_by_phase on evaluation.submissions (organization_id, benchmark_id, phase_id, submitted_at);
comment on index evaluation.submissions_by_phase is 'What came in a phase.';
create index submissions_to_score on evaluation.submissions (organization_id, status, submitted_at) where status in ('queued', 'processing');
comment on index evaluation.submissions_to_score is 'What is to be scored, in its order.';
call kernel.tenant_table('evaluation.submissions', access => 'read', own => 'user_id', unrecorded => '{rank}');
grant update (status, scored_at, error_code, error) on evaluation.submissions to tenon_worker;
call kernel.state_order('evaluation.submissions', 'A submission',
  '{"queued": ["processing", "failed"], "processing": ["completed", "failed", "queued"], "completed": [], "failed": []}');

create table evaluation.prediction_chunks (
  organization_id uuid not null,
  submission_id uuid not null,
  position integer not null check (position > 0),
  predictions jsonb not null check (jsonb_typeof(predictions) = 'array' and jsonb_array_length(predictions) between 1 and 10000),
  primary key (organization_id, submission_id, position),
  foreign key (organization_id, submission_id) references evaluation.submissions on delete cascade,
  constraint prediction_chunks_size check (pg_column_size(predictions) <= 16777216)
);
comment on table evaluation.prediction_chunks is 'The predictions of a submission, at most 10,000 a row. They never change. Sensitivity: medium.';
comment on column evaluation.prediction_chunks.submission_id is 'The submission.';
comment on column evaluation.prediction_chunks.position is 'Which 10,000 items of the version it is about, in the order of their ids, from 1.';
comment on column evaluation.prediction_chunks.predictions is 'Pairs of an item''s id and what is predicted for it.';
call kernel.tenant_table('evaluation.prediction_chunks', audit => 'none', access => 'none');
grant select on evaluation.prediction_chunks to tenon_steward, tenon_worker;
revoke update on evaluation.prediction_chunks from tenon_definer;

create table evaluation.scores (
  organization_id uuid not null,
  benchmark_id uuid not null,
  user_id uuid not null,
  submission_id uuid not null,
  split text not null check (split in ('public', 'private')),
  metric text not null,
  scoring_version integer not null default 1 check (scoring_version > 0),
  score double precision not null check (score between 0 and 1),
  raw_score double precision,
  details jsonb not null default '{}' check (pg_column_size(details) <= 65536),
  primary key (organization_id, submission_id, split, metric, scoring_version),
  foreign key (organization_id, benchmark_id, user_id, submission_id) references evaluation.submissions (organization_id, benchmark_id, user_id, id) on delete cascade,
  foreign key (organization_id, benchmark_id, metric) references evaluation.benchmark_metrics on delete restrict
);
comment on table evaluation.scores is 'How good a submission is, by measure and part. The private part would help to guess the answers, so no member reads it. Sensitivity: critical.';
comment on column evaluation.scores.benchmark_id is 'The benchmark.';
comment on column evaluation.scores.user_id is 'The participant.';
comment on column evaluation.scores.submission_id is 'The submission.';
comment on column evaluation.scores.split is 'Over the public or the private part of the items.';
comment on column evaluation.scores.metric is 'The measure.';
comment on column evaluation.scores.scoring_version is 'Which scoring it comes from; the latest counts.';
comment on column evaluation.scores.score is 'From 0 to 1; more is better.';
comment on column evaluation.scores.raw_score is 'What the measure gave before it was brought to 0 to 1.';
comment on column evaluation.scores.details is 'What else came of it, such as scores by class.';
comment on index evaluation.scores_pkey is 'The scores of a submission.';
create index scores_by_participant on evaluation.scores (organization_id, benchmark_id, user_id, submission_id);
comment on index evaluation.scores_by_participant is 'The scores of a participant.';
create index scores_by_metric on evaluation.scores (organization_id, benchmark_id, metric, split, score);
comment on index evaluation.scores_by_metric is 'The scores by a measure, in their order.';
call kernel.tenant_table('evaluation.scores', access => 'none', secrets => '{score,raw_score,details}');
grant select, delete on evaluation.scores to tenon_steward;
grant select, insert on evaluation.scores to tenon_worker;
create trigger append_only before update on evaluation.scores for each row execute function kernel.refuse_change('A score');
revoke update on evaluation.scores from tenon_definer;

create table evaluation.leaderboard (
  organization_id uuid not null,
  benchmark_id uuid not null,
  split text not null check (split in ('public', 'private')),
  user_id uuid not null,
  submission_id uuid not null,
  score double precision not null check (score between 0 and 1),
  tie_score double precision check (tie_score between 0 and 1),
  achieved_at timestamptz not null,
  rank integer check (rank > 0),
  primary key (organization_id, benchmark_id, split, user_id),
  foreign key (organization_id, benchmark_id, user_id, submission_id) references evaluation.submissions (organization_id, benchmark_id, user_id, id) on delete cascade
);
comment on table evaluation.leaderboard is 'Each participant''s best, ranked, kept by trigger; the private part is there once the benchmark is closed. Sensitivity: low.';
comment on column evaluation.leaderboard.benchmark_id is 'The benchmark.';
comment on column evaluation.leaderboard.split is 'Over the public or the private part of the items.';
comment on column evaluation.leaderboard.user_id is 'The participant.';
comment on column evaluation.leaderboard.submission_id is 'The participant''s best submission.';
comment on column evaluation.leaderboard.score is 'Its score by the benchmark''s first measure.';
comment on column evaluation.leaderboard.tie_score is 'Its score by the measure that decides between equals; null, which is last, where there is none.';
comment on column evaluation.leaderboard.achieved_at is 'When it came; of those who share a rank, the earlier one is named first.';
comment on column evaluation.leaderboard.rank is 'Its place, from 1; equals share one, and the next are as many further on.';
create index leaderboard_by_rank on evaluation.leaderboard (organization_id, benchmark_id, split, rank, achieved_at, submission_id);
comment on index evaluation.leaderboard_by_rank is 'Reads the ranking in its order.';
create index leaderboard_by_submission on evaluation.leaderboard (organization_id, benchmark_id, user_id, submission_id);
comment on index evaluation.leaderboard_by_submission is 'Where a submission leads.';
create index leaderboard_by_member on evaluation.leaderboard (organization_id, user_id, benchmark_id);
comment on index evaluation.leaderboard_by_member is 'How a member stands everywhere.';
call kernel.tenant_table('evaluation.leaderboard', audit => 'none', access => 'read', own => 'user_id');
