-- What is done with benchmarks: opening and closing them, handing in, and seeing how everybody stands.

call organizations.add_permission('evaluation.leaderboard.read', 'See the benchmarks that one takes part in, and who leads',
  '{admin,task_admin,reviewer,labeler,member,moderator,viewer,participant}');

-- Who sees all benchmarks, sees each; others those in which they take part, once they were opened.
create function evaluation.sees_all() returns boolean
  language sql stable set search_path = ''
  return kernel.covers(kernel.actor_permissions(), '{"evaluation.benchmark.read": "organization"}');
comment on function evaluation.sees_all() is 'Whether who entered sees every benchmark.';

create function evaluation.takes_part(benchmark uuid) returns boolean
  language sql stable set search_path = ''
  begin atomic
    select exists (
      select from evaluation.participants p where p.organization_id = kernel.organization_id() and p.benchmark_id = takes_part.benchmark
        and p.user_id = kernel.user_id() and p.status = 'active');
  end;
comment on function evaluation.takes_part(uuid) is 'Whether who entered may hand in to a benchmark.';

create function evaluation.find_benchmark(benchmark uuid) returns evaluation.benchmarks
  language plpgsql stable set search_path = '' as $$
declare
  b evaluation.benchmarks;
begin
  select * into b from evaluation.benchmarks w where w.organization_id = kernel.organization_id() and w.id = benchmark;
  if b.id is null or not evaluation.sees_all() and (b.status = 'draft' or not evaluation.takes_part(b.id)) then
    raise exception 'No such benchmark' using errcode = 'TN010';
  end if;
  return b;
end
$$;
comment on function evaluation.find_benchmark(uuid) is 'A benchmark that who entered may see. Raises TN010.';

create function evaluation.measures_of(b evaluation.benchmarks) returns json
  language sql stable set search_path = ''
  begin atomic
    select coalesce(json_agg(m.metric order by m.is_primary desc, m.is_tie_breaker desc, m.metric), '[]')
    from evaluation.benchmark_metrics m where m.organization_id = (b).organization_id and m.benchmark_id = (b).id;
  end;
comment on function evaluation.measures_of(evaluation.benchmarks) is
  'The measures of a benchmark: the one that the ranking goes by, the one that decides between equals, and the others.';

create function evaluation.scores_of(organization uuid, submission uuid, split text) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_object_agg(latest.metric, latest.score) from (
      select distinct on (s.metric) s.metric, s.score from evaluation.scores s
      where s.organization_id = scores_of.organization and s.submission_id = scores_of.submission and s.split = scores_of.split
      order by s.metric, s.scoring_version desc) latest;
  end;
comment on function evaluation.scores_of(uuid, uuid, text) is 'Measure → score of a submission in one part; null where it has none.';

create function evaluation.list_benchmarks() returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  most constant integer := 200;
  everything constant boolean := evaluation.sees_all();
begin
  return (
    select json_build_object('items', coalesce(json_agg(json_build_object(
      'id', b.id, 'name', b.name, 'status', b.status, 'deadline', b.deadline, 'metrics', evaluation.measures_of(b),
      'leader', (
        select json_build_object('name', w.display_name, 'score', l.score) from evaluation.leaderboard l
        join organizations.memberships w on w.organization_id = l.organization_id and w.user_id = l.user_id
        where l.organization_id = organization and l.benchmark_id = b.id and l.split = 'public' and l.rank is not null order by l.rank, l.achieved_at, l.submission_id limit 1),
      'own', (
        select json_build_object('rank', l.rank, 'score', l.score) from evaluation.leaderboard l
        where l.organization_id = organization and l.benchmark_id = b.id and l.split = 'public' and l.user_id = kernel.user_id() and l.rank is not null)
    ) order by b.id desc), '[]'))
    from (
      select w.* from evaluation.benchmarks w
      where w.organization_id = organization and (everything or w.status <> 'draft' and evaluation.takes_part(w.id)) order by w.id desc limit most
    ) b);
end
$$;
comment on function evaluation.list_benchmarks() is 'The benchmarks that who entered may see, newest first, at most 200, with who leads.';

create function evaluation.read_benchmark(benchmark uuid) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  b constant evaluation.benchmarks := evaluation.find_benchmark(benchmark);
  day_start constant timestamptz := date_trunc('day', now() at time zone 'UTC') at time zone 'UTC';
begin
  return json_build_object(
    'id', b.id, 'name', b.name, 'description', b.description, 'status', b.status, 'deadline', b.deadline, 'daily_quota', b.daily_quota,
    'total_quota', b.total_quota, 'public_percentage', b.public_percentage, 'metrics', evaluation.measures_of(b),
    'items', (select v.item_count from datasets.versions v where v.organization_id = b.organization_id and v.id = b.version_id),
    'takes_part', evaluation.takes_part(b.id),
    'handed_in', (
      select json_build_object('today', count(*) filter (where s.submitted_at >= day_start), 'in_all', count(*)) from evaluation.submissions s
      where s.organization_id = b.organization_id and s.benchmark_id = b.id and s.user_id = kernel.user_id() and s.status <> 'failed'),
    'day_ends_at', day_start + interval '1 day');
end
$$;
comment on function evaluation.read_benchmark(uuid) is 'A benchmark, and how often who entered has handed in. Raises TN010.';

create function evaluation.read_leaderboard(benchmark uuid, part text, after uuid, most integer) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  b constant evaluation.benchmarks := evaluation.find_benchmark(benchmark);
  behind evaluation.leaderboard;
begin
  select * into behind from evaluation.leaderboard l
    where l.organization_id = b.organization_id and l.benchmark_id = b.id and l.split = part and l.submission_id = after;
  return (
    with page as materialized (
      select l.* from evaluation.leaderboard l
      where l.organization_id = b.organization_id and l.benchmark_id = b.id and l.split = part and l.rank is not null
        and (behind.rank is null or (l.rank, l.achieved_at, l.submission_id) > (behind.rank, behind.achieved_at, behind.submission_id))
      order by l.rank, l.achieved_at, l.submission_id limit most + 1
    ), shown as (
      select p.rank, p.achieved_at, p.submission_id, w.display_name, p.user_id = kernel.user_id() as is_own,
             evaluation.scores_of(p.organization_id, p.submission_id, part) as scores,
             row_number() over (order by p.rank, p.achieved_at, p.submission_id) as place
      from page p join organizations.memberships w on w.organization_id = p.organization_id and w.user_id = p.user_id
    )
    select json_build_object(
      'items', coalesce(json_agg(json_build_object('rank', s.rank, 'name', s.display_name, 'is_own', s.is_own, 'submission_id', s.submission_id,
        'submitted_at', s.achieved_at, 'scores', s.scores) order by s.place) filter (where s.place <= most), '[]'),
      'next_cursor', case when count(*) > most then min(s.submission_id::text) filter (where s.place = most) end)
    from shown s);
end
$$;
comment on function evaluation.read_leaderboard(uuid, text, uuid, integer) is
  'Who stands where, the best first, behind a submission. The private part has nobody until the benchmark is closed. Raises TN010.';

-- Handing in.

create function evaluation.require_part(benchmark uuid) returns evaluation.benchmarks
  language plpgsql stable set search_path = '' as $$
declare
  b constant evaluation.benchmarks := evaluation.find_benchmark(benchmark);
begin
  if not evaluation.takes_part(b.id) then
    raise exception 'You do not take part in this benchmark' using errcode = 'TN011', hint = 'Ask who runs it to let you in.';
  end if;
  return b;
end
$$;
comment on function evaluation.require_part(uuid) is 'A benchmark that who entered takes part in. Raises TN010, TN011.';

-- It has no settings of its own, so that it becomes part of what asks it and reads no more columns than that does.
create function evaluation.items_behind(b evaluation.benchmarks, after bigint, most integer) returns setof datasets.dataset_items
  language sql stable
  begin atomic
    select i.* from datasets.dataset_items i
    where i.organization_id = (b).organization_id and i.dataset_id = (b).dataset_id and i.position > after
      and i.position <= (select v.last_position from datasets.versions v where v.organization_id = (b).organization_id and v.id = (b).version_id)
    order by i.position limit most;
  end;
comment on function evaluation.items_behind is 'So many items of the version that a benchmark is about, in their order, behind a position.';

-- What is to be predicted is shown to who takes part, and to who sees all datasets.
create function evaluation.read_items(benchmark uuid, after bigint, most integer) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  b constant evaluation.benchmarks := evaluation.find_benchmark(benchmark);
begin
  if not evaluation.takes_part(b.id) and not kernel.covers(kernel.actor_permissions(), '{"datasets.dataset.read": "organization"}') then
    raise exception 'No items are shown to you' using errcode = 'TN010', hint = 'They are shown to those who take part.';
  end if;
  return (
    select coalesce(json_agg(json_build_object('position', i.position, 'id', i.id, 'input', coalesce(to_json(i.input), i.input_json::json)) order by i.position), '[]')
    from evaluation.items_behind(b, after, most) i);
end
$$;
comment on function evaluation.read_items(uuid, bigint, integer) is 'What is to be predicted, in its order, behind a position. Raises TN010.';

create function evaluation.item_keys(benchmark uuid, after bigint, most integer) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  b constant evaluation.benchmarks := evaluation.require_part(benchmark);
begin
  return (
    select coalesce(json_agg(json_build_array(i.position, i.id) order by i.position), '[]')
    from evaluation.items_behind(b, after, most) i);
end
$$;
comment on function evaluation.item_keys(uuid, bigint, integer) is 'Position and id of what is to be predicted, behind a position. Raises TN010, TN011.';

create function evaluation.hand_in(benchmark uuid, name text, prediction_count bigint) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  b constant evaluation.benchmarks := evaluation.require_part(benchmark);
  made uuid;
begin
  insert into evaluation.submissions (organization_id, benchmark_id, user_id, name, prediction_count)
    values (b.organization_id, b.id, kernel.user_id(), hand_in.name, hand_in.prediction_count) returning id into made;
  return made;
end
$$;
comment on function evaluation.hand_in(uuid, text, bigint) is 'Begins a submission of who entered, whose predictions come next. Raises TN010, and TN011 where it may not.';

create function evaluation.add_predictions(submission uuid, place integer, predictions jsonb) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  insert into evaluation.prediction_chunks (organization_id, submission_id, position, predictions)
    select s.organization_id, s.id, place, add_predictions.predictions from evaluation.submissions s
    where s.organization_id = kernel.organization_id() and s.id = submission and s.user_id = kernel.user_id() and s.task_id is null;
  if not found then
    raise exception 'No such submission' using errcode = 'TN010';
  end if;
end
$$;
comment on function evaluation.add_predictions(uuid, integer, jsonb) is 'Adds predictions to a submission of who entered that is not in line yet. Raises TN010.';

create function evaluation.queue_scoring(submission uuid, wish jsonb) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  s evaluation.submissions;
begin
  select * into s from evaluation.submissions w
    where w.organization_id = kernel.organization_id() and w.id = submission and w.user_id = kernel.user_id() and w.task_id is null for no key update;
  if s.id is null or wish ->> 'type' <> 'evaluation.score_submission' or wish -> 'input' ->> 'submission' <> s.id::text then
    raise exception 'No such submission' using errcode = 'TN010';
  end if;
  update evaluation.submissions w set task_id = (tasks.ask(jsonb_build_array(wish)) -> 0 ->> 'id')::uuid
    where w.organization_id = s.organization_id and w.id = s.id;
end
$$;
comment on function evaluation.queue_scoring(uuid, jsonb) is 'Has a submission of who entered scored. Raises TN010.';

create function evaluation.present_submission(s evaluation.submissions) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object(
      'id', (s).id, 'benchmark_id', (s).benchmark_id, 'name', (s).name, 'status', (s).status, 'submitted_at', (s).submitted_at, 'scored_at', (s).scored_at,
      'rank', (s).rank, 'prediction_count', (s).prediction_count, 'error_code', (s).error_code, 'error', (s).error,
      'progress', case when (s).status = 'processing' then coalesce((
        select t.progress_percentage from tasks.tasks t where t.organization_id = (s).organization_id and t.id = (s).task_id), 0) end,
      'scores', evaluation.scores_of((s).organization_id, (s).id, 'public'),
      'private_scores', (
        select evaluation.scores_of((s).organization_id, (s).id, 'private') from evaluation.benchmarks b
        where b.organization_id = (s).organization_id and b.id = (s).benchmark_id and b.status in ('closed', 'archived')));
  end;
comment on function evaluation.present_submission(evaluation.submissions) is
  'A submission as its participant sees it: the private part of the scores once the benchmark is closed.';

create function evaluation.list_submissions(benchmark uuid, before uuid, most integer) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  b constant evaluation.benchmarks := evaluation.find_benchmark(benchmark);
begin
  return (
    select json_build_object('items', coalesce(json_agg(evaluation.present_submission(s) order by s.id desc), '[]'),
                             'next_cursor', case when count(*) = most then min(s.id::text) end)
    from (
      select w.* from evaluation.submissions w
      where w.organization_id = b.organization_id and w.benchmark_id = b.id and w.user_id = kernel.user_id() and (before is null or w.id < before)
      order by w.id desc limit most
    ) s);
end
$$;
comment on function evaluation.list_submissions(uuid, uuid, integer) is 'What who entered has handed in to a benchmark, newest first. Raises TN010.';

create function evaluation.read_submission(submission uuid) returns json
  language sql stable security definer set search_path = ''
  begin atomic
    select evaluation.present_submission(s) from evaluation.submissions s
    where s.organization_id = kernel.organization_id() and s.id = submission and s.user_id = kernel.user_id();
  end;
comment on function evaluation.read_submission(uuid) is 'A submission of who entered; null where there is none.';

-- From state to state.

create function evaluation.require_ready(b evaluation.benchmarks) returns void
  language plpgsql stable set search_path = '' as $$
declare
  v datasets.versions;
  answers bigint;
begin
  select * into v from datasets.versions w where w.organization_id = b.organization_id and w.id = b.version_id;
  select count(*) into answers from datasets.dataset_answers a where a.organization_id = b.organization_id and a.version_id = b.version_id;
  if b.deadline <= now() then
    raise exception 'The deadline of this benchmark has passed' using errcode = 'TN011', hint = 'Set a later one, or none, and open it then.';
  elsif not exists (select from evaluation.benchmark_metrics m where m.organization_id = b.organization_id and m.benchmark_id = b.id and m.is_primary) then
    raise exception 'This benchmark has no measure that the ranking goes by' using errcode = 'TN011', hint = 'Choose its main metric first.';
  elsif answers = 0 or answers <> v.item_count then
    raise exception '% of % items have a gold answer', answers, coalesce(v.item_count, 0) using errcode = 'TN011',
      hint = 'A benchmark is opened with a published version in which every item has one.';
  end if;
end
$$;
comment on function evaluation.require_ready(evaluation.benchmarks) is 'Raises TN011 unless a benchmark can be scored.';

create function evaluation.set_benchmark_status(benchmark uuid, becomes text) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  b evaluation.benchmarks;
begin
  call kernel.require_permission('evaluation.benchmark.manage');
  select * into b from evaluation.benchmarks w where w.organization_id = kernel.organization_id() and w.id = benchmark for no key update;
  if b.id is null then
    raise exception 'No such benchmark' using errcode = 'TN010';
  elsif becomes = 'open' then
    perform evaluation.require_ready(b);
  end if;
  update evaluation.benchmarks w set status = becomes where w.organization_id = b.organization_id and w.id = b.id and w.status <> becomes;
  return json_build_object('id', b.id, 'status', becomes);
end
$$;
comment on function evaluation.set_benchmark_status(uuid, text) is
  'Opens, closes or archives a benchmark. Raises TN010, and TN011 where it is not ready or that step is not one.';

-- A submission ends with the task that scores it, however that ends: what could not be scored counts against no quota.
create function evaluation.scoring_ended() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update evaluation.submissions s
    set status = 'failed', error_code = new.error_details ->> 'code',
        error = case when new.error_details ->> 'code' in ('invalid', 'cancelled') then new.error_details ->> 'message'
                     else 'It could not be scored, and that is no fault of yours. It does not count against your quota: hand it in again.' end
    where s.organization_id = new.organization_id and s.id = (new.input ->> 'submission')::uuid and s.task_id = new.id and s.status in ('queued', 'processing');
  return null;
end
$$;
comment on function evaluation.scoring_ended() is 'Ends the submission whose scoring has failed for good or was cancelled.';
call kernel.run_as_definer('evaluation.scoring_ended');
create trigger end_submission after update of status on tasks.tasks
  for each row when (new.type = 'evaluation.score_submission' and new.status in ('failed', 'cancelled') and old.status <> new.status)
  execute function evaluation.scoring_ended();

grant execute on function evaluation.sees_all, evaluation.takes_part, evaluation.find_benchmark, evaluation.measures_of, evaluation.scores_of,
  evaluation.require_part, evaluation.items_behind, evaluation.present_submission, evaluation.require_ready to tenon_definer;
call kernel.run_as_definer('evaluation.list_benchmarks');
call kernel.run_as_definer('evaluation.read_benchmark');
call kernel.run_as_definer('evaluation.read_leaderboard');
call kernel.run_as_definer('evaluation.read_items');
call kernel.run_as_definer('evaluation.item_keys');
call kernel.run_as_definer('evaluation.hand_in');
call kernel.run_as_definer('evaluation.add_predictions');
call kernel.run_as_definer('evaluation.queue_scoring');
call kernel.run_as_definer('evaluation.list_submissions');
call kernel.run_as_definer('evaluation.read_submission');
call kernel.run_as_definer('evaluation.set_benchmark_status');
grant execute on function evaluation.list_benchmarks, evaluation.read_benchmark, evaluation.read_leaderboard, evaluation.read_items,
  evaluation.item_keys, evaluation.hand_in, evaluation.add_predictions, evaluation.queue_scoring, evaluation.list_submissions,
  evaluation.read_submission to tenon_member, tenon_own;
grant execute on function evaluation.set_benchmark_status to tenon_member;
