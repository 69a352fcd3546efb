-- Evaluation, what follows from what: who may still hand in, and who leads.

-- A participant's submissions wait for each other, so that two at once never pass a quota that has room for one.
create function evaluation.admit_submission() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  benchmark evaluation.benchmarks;
  arrived constant timestamptz := clock_timestamp();
  day_start constant timestamptz := date_trunc('day', arrived at time zone 'UTC') at time zone 'UTC';
  phase evaluation.phases;
  quota integer;
begin
  perform from evaluation.participants p
    where p.organization_id = new.organization_id and p.benchmark_id = new.benchmark_id and p.user_id = new.user_id and p.status = 'active'
    for no key update;
  if not found then
    raise exception 'You do not take part in this benchmark' using errcode = 'TN003', hint = 'Ask who runs it to let you in.';
  end if;
  select * into benchmark from evaluation.benchmarks b where b.organization_id = new.organization_id and b.id = new.benchmark_id for share;
  if benchmark.status <> 'open' then
    raise exception 'This benchmark is %', benchmark.status using errcode = 'TN011', hint = 'Predictions are taken while it is open.';
  elsif benchmark.deadline <= arrived then
    raise exception 'The deadline of this benchmark has passed' using errcode = 'TN011', hint = 'Nothing can be handed in any more.';
  end if;

  select * into phase from evaluation.phases p
    where p.organization_id = new.organization_id and p.benchmark_id = new.benchmark_id and p.starts_at <= arrived and arrived < p.ends_at;
  if not found and exists (select from evaluation.phases p where p.organization_id = new.organization_id and p.benchmark_id = new.benchmark_id) then
    raise exception 'No phase of this benchmark is on' using errcode = 'TN011', hint = 'Predictions are taken in its phases only.';
  end if;

  quota := coalesce(phase.daily_quota, benchmark.daily_quota);
  if (select count(*) from evaluation.submissions s where s.organization_id = new.organization_id and s.benchmark_id = new.benchmark_id
        and s.user_id = new.user_id and s.status <> 'failed' and s.submitted_at >= day_start) >= quota then
    raise exception 'You have handed in % times today, and that is all for a day', quota using errcode = 'TN011', hint = 'Come back tomorrow (UTC).';
  end if;
  quota := benchmark.total_quota;
  if (select count(*) from evaluation.submissions s where s.organization_id = new.organization_id and s.benchmark_id = new.benchmark_id
        and s.user_id = new.user_id and s.status <> 'failed') >= quota then
    raise exception 'You have handed in % times, and that is all', quota using errcode = 'TN011', hint = 'Your best submission stands.';
  end if;
  new.submitted_at := arrived;
  new.phase_id := phase.id;
  return new;
end
$$;
comment on function evaluation.admit_submission() is 'Refuses what is late, in no phase, or beyond a quota. Failed submissions count for nothing.';
create trigger admit_submission before insert on evaluation.submissions for each row execute function evaluation.admit_submission();

create function evaluation.admit_chunk() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if (select s.status from evaluation.submissions s where s.organization_id = new.organization_id and s.id = new.submission_id for share) <> 'queued' then
    raise exception 'This submission is being scored or was' using errcode = 'TN011', hint = 'Hand in another one.';
  end if;
  return new;
end
$$;
comment on function evaluation.admit_chunk() is 'Takes predictions only until the scoring begins.';
create trigger admit_chunk before insert on evaluation.prediction_chunks for each row execute function evaluation.admit_chunk();
create trigger append_only before update on evaluation.prediction_chunks for each row execute function kernel.refuse_change('What was predicted');

-- What is measured must not change under those who take part.
create function evaluation.keep_terms() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and old.status <> 'draft' and (new.dataset_id, new.version_id, new.public_percentage) is distinct from (old.dataset_id, old.version_id, old.public_percentage) then
    raise exception 'A benchmark keeps its dataset and its split once it was opened' using errcode = 'TN011', hint = 'Make another benchmark.';
  end if;
  if new.status = 'open' and not exists (
    select from datasets.versions v where v.organization_id = new.organization_id and v.id = new.version_id and v.status = 'published'
  ) then
    raise exception 'A benchmark is opened with a published version only' using errcode = 'TN011', hint = 'Publish the version of its dataset first.';
  end if;
  return null;
end
$$;
comment on function evaluation.keep_terms() is 'Keeps what a benchmark measures from its opening on.';
call kernel.run_as_definer('evaluation.keep_terms');
create trigger keep_terms after insert or update of status, dataset_id, version_id, public_percentage on evaluation.benchmarks
  for each row execute function evaluation.keep_terms();

create function evaluation.keep_measures() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if not kernel.is_erasing() and exists (
    select from evaluation.benchmarks b where b.organization_id = old.organization_id and b.id = old.benchmark_id and b.status <> 'draft'
  ) and (tg_op = 'DELETE' or (new.benchmark_id, new.metric, new.is_primary, new.parameters) is distinct from
                             (old.benchmark_id, old.metric, old.is_primary, old.parameters))
  then
    raise exception 'A benchmark keeps its measures once it was opened' using errcode = 'TN011', hint = 'Make another benchmark.';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function evaluation.keep_measures() is 'Keeps how a benchmark measures from its opening on; another measure can still be added.';
create trigger keep_measures before update or delete on evaluation.benchmark_metrics for each row execute function evaluation.keep_measures();

-- The ranking. One scoring at a time ranks a benchmark; only the people whose scores changed are looked at, and only ranks that change are written.

create function evaluation.rank_people(organization uuid, benchmark uuid, people uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  is_revealed boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('evaluation.leaderboard' || benchmark, 0));
  select b.status in ('closed', 'archived') into is_revealed
    from evaluation.benchmarks b where b.organization_id = organization and b.id = benchmark;
  delete from evaluation.leaderboard l where l.organization_id = organization and l.benchmark_id = benchmark and l.user_id = any (people);
  insert into evaluation.leaderboard (organization_id, benchmark_id, split, user_id, submission_id, score, tie_score, achieved_at)
    select distinct on (scored.split, scored.user_id)
           organization, benchmark, scored.split, scored.user_id, scored.submission_id, scored.score, scored.tie_score, scored.submitted_at
    from (
      select s.split, s.user_id, s.submission_id, h.submitted_at,
             max(s.score) filter (where m.is_primary) as score, max(s.score) filter (where m.is_tie_breaker) as tie_score,
             row_number() over (partition by s.split, s.submission_id order by s.scoring_version desc) as age
      from evaluation.scores s
      join evaluation.submissions h on h.organization_id = s.organization_id and h.id = s.submission_id
      join evaluation.benchmark_metrics m on m.organization_id = s.organization_id and m.benchmark_id = s.benchmark_id and m.metric = s.metric
      where s.organization_id = organization and s.benchmark_id = benchmark and s.user_id = any (people) and (s.split = 'public' or is_revealed)
      group by s.split, s.user_id, s.submission_id, s.scoring_version, h.submitted_at
    ) scored
    where scored.age = 1 and scored.score is not null
    order by scored.split, scored.user_id, scored.score desc, scored.tie_score desc nulls last, scored.submitted_at, scored.submission_id;
  update evaluation.leaderboard l set rank = ranked.place
    from (
      select r.split, r.user_id, rank() over (partition by r.split order by r.score desc, r.tie_score desc nulls last) as place
      from evaluation.leaderboard r where r.organization_id = organization and r.benchmark_id = benchmark
    ) ranked
    where l.organization_id = organization and l.benchmark_id = benchmark and l.split = ranked.split and l.user_id = ranked.user_id
      and l.rank is distinct from ranked.place;
end
$$;
comment on function evaluation.rank_people(uuid, uuid, uuid[]) is 'Brings the best of these participants, and the ranks of all, up to date.';

create function evaluation.scores_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  part record;
begin
  for part in select organization_id, benchmark_id, array_agg(distinct user_id) as people from changed_rows group by 1, 2 order by 1, 2 loop
    perform evaluation.rank_people(part.organization_id, part.benchmark_id, part.people);
  end loop;
  if tg_op = 'INSERT' then
    update evaluation.submissions s set rank = l.rank
      from evaluation.leaderboard l
      where l.organization_id = s.organization_id and l.submission_id = s.id and l.split = 'public' and s.rank is null
        and l.benchmark_id = s.benchmark_id and l.user_id = s.user_id
        and (s.organization_id, s.id) in (select c.organization_id, c.submission_id from changed_rows c);
  end if;
  return null;
end
$$;
comment on function evaluation.scores_changed() is 'Keeps the ranking when scores come or go, in their own transaction.';
create trigger rank_scored after insert on evaluation.scores referencing new table as changed_rows
  for each statement execute function evaluation.scores_changed();
create trigger rank_without after delete on evaluation.scores referencing old table as changed_rows
  for each statement execute function evaluation.scores_changed();

create function evaluation.reveal_private_part() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform evaluation.rank_people(new.organization_id, new.id, array(
    select p.user_id from evaluation.participants p where p.organization_id = new.organization_id and p.benchmark_id = new.id));
  return null;
end
$$;
comment on function evaluation.reveal_private_part() is 'Shows the private ranking when a benchmark closes, and hides it when it is opened again.';
create trigger reveal_private_part after update of status on evaluation.benchmarks
  for each row when (old.status <> new.status and (old.status = 'closed' or new.status = 'closed')) execute function evaluation.reveal_private_part();

grant execute on function evaluation.rank_people to tenon_definer;
call kernel.run_as_definer('evaluation.admit_submission');
call kernel.run_as_definer('evaluation.admit_chunk');
call kernel.run_as_definer('evaluation.keep_measures');
call kernel.run_as_definer('evaluation.scores_changed');
call kernel.run_as_definer('evaluation.reveal_private_part');

create function evaluation.benchmarks_of(organization uuid, person uuid) returns uuid[]
  language sql stable set search_path = ''
  begin atomic
    select coalesce(array_agg(id), '{}') from (
      select p.benchmark_id as id from evaluation.participants p
      join evaluation.benchmarks b on b.organization_id = p.organization_id and b.id = p.benchmark_id and b.status <> 'draft'
      where p.organization_id = organization and p.user_id = person and p.status = 'active' order by 1 desc limit 1000
    ) theirs;
  end;
comment on function evaluation.benchmarks_of(uuid, uuid) is
  'The benchmarks that a participant sees, at most 1,000; asked when somebody enters as tenon_own for an operation of benchmarks.';
grant execute on function evaluation.benchmarks_of to tenon_definer;

call organizations.add_permission('evaluation.benchmark.read', 'See benchmarks and everybody''s submissions', '{admin,task_admin,reviewer,moderator,viewer}');
call organizations.add_permission('evaluation.benchmark.manage', 'Set up benchmarks and decide who takes part', '{admin,task_admin}');
call organizations.add_permission('evaluation.submission.write', 'Take part in benchmarks', '{admin,task_admin,labeler,member,participant}');
