-- Usage is written down where it happens, once by its key, and added up in the same statement. Events never change: what was wrong is given
-- back by a refund, or measured anew where the last amount counts.

create table credits.usage_keys (
  organization_id uuid not null references organizations.organizations on delete cascade,
  operation_key text not null check (length(operation_key) between 1 and 200),
  created_at timestamptz not null default now(),
  primary key (organization_id, operation_key)
);
comment on table credits.usage_keys is 'The keys of usage events, which stand in partitions: told twice, an event counts once. Sensitivity: low.';
comment on column credits.usage_keys.operation_key is 'The event''s key.';
comment on column credits.usage_keys.created_at is 'When it was used.';
create index usage_keys_by_time on credits.usage_keys (organization_id, created_at);
comment on index credits.usage_keys_by_time is 'What retention removes.';
call kernel.tenant_table('credits.usage_keys', audit => 'none', access => 'none', versions => false);

create table credits.usage_days (
  organization_id uuid not null references organizations.organizations on delete cascade,
  day date not null,
  resource_type text not null references credits.resources on delete restrict,
  amount bigint not null default 0 check (amount >= 0),
  credits_consumed bigint not null default 0 check (credits_consumed >= 0),
  events bigint not null default 0 check (events >= 0),
  last_occurred_at timestamptz not null,
  primary key (organization_id, day, resource_type)
);
comment on table credits.usage_days is 'What was used in a day, by resource: kept with each event, for charts. Sensitivity: medium.';
comment on column credits.usage_days.day is 'The day (UTC).';
comment on column credits.usage_days.resource_type is 'The resource.';
comment on column credits.usage_days.amount is 'How much, added up as the resource says.';
comment on column credits.usage_days.credits_consumed is 'What it cost, in micro-credits.';
comment on column credits.usage_days.events is 'How many events it comes of.';
comment on column credits.usage_days.last_occurred_at is 'When the latest of them was.';
create index usage_days_by_resource on credits.usage_days (organization_id, resource_type, day);
comment on index credits.usage_days_by_resource is 'What was used of a resource, day by day.';
call kernel.tenant_table('credits.usage_days', audit => 'none', access => 'read', versions => false);

-- How two amounts of a resource become one: what was there, and what came, with the time of each.
create function credits.add_usage(aggregation text, had bigint, came bigint, had_at timestamptz, came_at timestamptz) returns bigint
  language sql immutable parallel safe
  return case aggregation when 'sum' then had + came when 'max' then greatest(had, came) else case when came_at >= had_at or had_at is null then came else had end end;
comment on function credits.add_usage is 'Adds usage to what was used, as the resource says.';

/*
  Writes usage down: a JSON array of {key, event, resource, amount} and, where they matter, {name, credits, user_id, subject, occurred_at, data}.
  Returns how many of the events are new. Rows are touched in the order of their keys, so that two batches do not wait for each other in a circle.
*/
create function credits.record_usage(organization uuid, events jsonb) returns integer
  language plpgsql set search_path = '' as $$
declare
  fresh integer;
begin
  with given as materialized (
    select distinct on (g.key) g.key, g.event, g.resource, coalesce(g.name, '') as name, g.amount, coalesce(g.credits, 0) as credits, g.user_id,
           coalesce(g.subject, '') as subject, coalesce(g.occurred_at, now()) as occurred_at, coalesce(g.data, '{}') as data
    from jsonb_to_recordset(events) as g (key text, event text, resource text, name text, amount bigint, credits bigint, user_id uuid, subject text,
      occurred_at timestamptz, data jsonb)
    order by g.key
  ), keys as (
    insert into credits.usage_keys (organization_id, operation_key) select organization, g.key from given g order by g.key
      on conflict do nothing returning operation_key
  ), news as materialized (
    select g.*, r.aggregation from given g join keys k on k.operation_key = g.key join credits.resources r on r.resource_type = g.resource
  ), written as (
    insert into credits.usage_events (organization_id, occurred_at, event_type, resource_type, resource_name, amount, credits_consumed, user_id, subject, operation_key, data)
      select organization, n.occurred_at, n.event, n.resource, n.name, n.amount, n.credits, n.user_id, n.subject, n.key, n.data from news n
      returning 1
  ), months as (
    insert into credits.usage_periods as p (organization_id, billing_period, resource_type, resource_name, member_key, amount, credits_consumed, events, last_occurred_at)
      select organization, date_trunc('month', n.occurred_at at time zone 'UTC')::date, n.resource, n.name, coalesce(n.user_id, '00000000-0000-0000-0000-000000000000'),
             credits.total_usage(n.aggregation, sum(n.amount), max(n.amount), (array_agg(n.amount order by n.occurred_at desc, n.key desc))[1]),
             sum(n.credits), count(*), max(n.occurred_at)
      from news n group by 2, 3, 4, 5, n.aggregation order by 2, 3, 4, 5
      on conflict (organization_id, billing_period, resource_type, resource_name, member_key) do update
        set amount = credits.add_usage((select r.aggregation from credits.resources r where r.resource_type = p.resource_type), p.amount, excluded.amount, p.last_occurred_at, excluded.last_occurred_at),
            credits_consumed = p.credits_consumed + excluded.credits_consumed, events = p.events + excluded.events,
            last_occurred_at = greatest(p.last_occurred_at, excluded.last_occurred_at)
  ), days as (
    insert into credits.usage_days as d (organization_id, day, resource_type, amount, credits_consumed, events, last_occurred_at)
      select organization, (n.occurred_at at time zone 'UTC')::date, n.resource,
             credits.total_usage(n.aggregation, sum(n.amount), max(n.amount), (array_agg(n.amount order by n.occurred_at desc, n.key desc))[1]),
             sum(n.credits), count(*), max(n.occurred_at)
      from news n group by 2, 3, n.aggregation order by 2, 3
      on conflict (organization_id, day, resource_type) do update
        set amount = credits.add_usage((select r.aggregation from credits.resources r where r.resource_type = d.resource_type), d.amount, excluded.amount, d.last_occurred_at, excluded.last_occurred_at),
            credits_consumed = d.credits_consumed + excluded.credits_consumed, events = d.events + excluded.events,
            last_occurred_at = greatest(d.last_occurred_at, excluded.last_occurred_at)
  )
  select count(*) into fresh from written;
  return fresh;
end
$$;
comment on function credits.record_usage is 'Writes usage down and adds it up, each event once by its key; returns how many were new.';

create function credits.total_usage(aggregation text, total numeric, highest bigint, latest bigint) returns bigint
  language sql immutable parallel safe
  return case aggregation when 'sum' then total when 'max' then highest else latest end;
comment on function credits.total_usage is 'What a set of amounts comes to, as the resource says.';

-- Limits of the plan. Which they are, the module of plans says; without a plan there are none.

create table credits.limits (
  organization_id uuid not null references organizations.organizations on delete cascade,
  resource_type text not null references credits.resources on delete restrict,
  maximum bigint not null check (maximum >= 0),
  primary key (organization_id, resource_type)
);
comment on table credits.limits is 'The most that an organization may use of a resource: in a month, or at all. Sensitivity: low.';
comment on column credits.limits.resource_type is 'The resource.';
comment on column credits.limits.maximum is 'The most of it, in the resource''s own unit.';
call kernel.tenant_table('credits.limits', access => 'read');

-- wanted is JSON resource → maximum; what it does not name is without limit.
create function credits.replace_limits(organization uuid, wanted jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  delete from credits.limits l where l.organization_id = organization and not wanted ? l.resource_type;
  insert into credits.limits as l (organization_id, resource_type, maximum)
    select organization, r.resource_type, (wanted ->> r.resource_type)::bigint from credits.resources r where wanted ? r.resource_type
    on conflict (organization_id, resource_type) do update set maximum = excluded.maximum where l.maximum <> excluded.maximum;
end
$$;
comment on function credits.replace_limits is 'Says what an organization may use at most, by resource.';

create function credits.seats_taken(organization uuid) returns bigint
  language sql stable set search_path = ''
  begin atomic
    select count(*) from organizations.memberships m where m.organization_id = organization and m.status = 'active' and m.kind = 'person';
  end;
comment on function credits.seats_taken(uuid) is 'How many people may work in an organization now.';

-- Of what was measured last, the measure of an earlier month holds on.
create function credits.usage_in(organization uuid, resource text, aggregation text, month date) returns bigint
  language sql stable set search_path = ''
  begin atomic
    select case aggregation
      when 'last' then (select coalesce(sum(latest.amount), 0)::bigint from (
        select distinct on (p.resource_name, p.member_key) p.amount from credits.usage_periods p
        where p.organization_id = organization and p.resource_type = resource and p.billing_period <= month
        order by p.resource_name, p.member_key, p.billing_period desc) latest)
      when 'max' then (select coalesce(max(p.amount), 0) from credits.usage_periods p
        where p.organization_id = organization and p.resource_type = resource and p.billing_period = month)
      else (select coalesce(sum(p.amount), 0)::bigint from credits.usage_periods p
        where p.organization_id = organization and p.resource_type = resource and p.billing_period = month)
    end;
  end;
comment on function credits.usage_in is 'What an organization used of a resource in a month.';

/*
  Asked where usage begins: raises when so much more is beyond the plan. What begins anew with the month is TN015, with the end of the month as its
  detail; what does not is TN014.
*/
create function credits.check_limit(organization uuid, resource text, amount bigint default 1) returns void
  language plpgsql set search_path = '' as $$
declare
  most bigint;
  used bigint;
  kind text;
  until constant timestamptz := credits.end_of_month(now());
begin
  select l.maximum into most from credits.limits l where l.organization_id = organization and l.resource_type = resource;
  if not found then
    return;
  end if;
  select r.aggregation into kind from credits.resources r where r.resource_type = resource;
  used := case resource when 'seats' then credits.seats_taken(organization) else credits.usage_in(organization, resource, kind, date_trunc('month', now() at time zone 'UTC')::date) end;
  if used + amount <= most then
    return;
  end if;
  if resource = 'seats' then
    raise exception 'All % seats of the plan are taken', most using errcode = 'TN014', hint = 'Remove or suspend a member, or choose a larger plan.';
  elsif kind = 'sum' then
    raise exception 'The plan allows % % a month, and % are used until %', most, replace(resource, '_', ' '), used, to_char(until at time zone 'UTC', 'YYYY-MM-DD')
      using errcode = 'TN015', detail = to_char(until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), hint = 'Wait for the next month, or choose a larger plan.';
  end if;
  raise exception 'The plan allows % of %, and % are used', most, resource, used
    using errcode = 'TN014', hint = 'Free some of it, or choose a larger plan.';
end
$$;
comment on function credits.check_limit is 'Raises TN014 or TN015 when so much more of a resource is beyond what the organization may use.';

-- For what begins with a request and not with a task: says no in words.
create function credits.reserve(organization uuid, amount bigint, operation_key text, member uuid, expires_at timestamptz) returns uuid
  language plpgsql set search_path = '' as $$
declare
  refusal constant text := credits.try_reserve(organization, null, amount, operation_key, null, null, member, null, expires_at);
  b credits.balances;
begin
  if refusal is null then
    return credits.hold_under(organization, operation_key);
  end if;
  select x.* into b from credits.balances x join credits.accounts a on a.organization_id = x.organization_id and a.id = x.account_id
    where x.organization_id = organization and a.name = 'main';
  case refusal
    when 'monthly_limit' then
      raise exception 'The limit of % credits a month is reached: % are used and % set aside', credits.in_credits(b.monthly_limit), credits.in_credits(credits.used_now(b)), credits.in_credits(b.held)
        using errcode = 'TN015', detail = to_char(b.month_ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), hint = 'Wait for the next month, or raise the limit under usage.';
    when 'member_limit' then
      raise exception 'Your limit of credits for the day is reached'
        using errcode = 'TN015', detail = to_char(date_trunc('day', now() at time zone 'UTC') + interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), hint = 'Go on tomorrow, or ask whoever looks after the credits.';
    when 'frozen' then
      raise exception 'The account of credits is frozen' using errcode = 'TN014', hint = 'Ask whoever looks after the credits.';
    else
      raise exception 'This takes % credits, and % are free', credits.in_credits(amount), credits.in_credits(greatest(b.posted - b.held, 0))
        using errcode = 'TN014', hint = 'Buy credits, or wait until work under way gives some back.';
  end case;
end
$$;
comment on function credits.reserve is 'Sets credits aside for what a request begins, or raises TN014 or TN015 with why not.';

grant execute on function credits.add_usage, credits.total_usage, credits.record_usage, credits.replace_limits, credits.seats_taken, credits.usage_in, credits.check_limit,
  credits.reserve to tenon_definer;

-- What members who may see it are shown: roll-ups alone are read, so that it takes as long for a million events as for one. Seats are those taken now.
create function credits.read_usage(month date) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  members_max constant integer := 200;
  organization constant uuid := kernel.organization_id();
  this_month constant date := date_trunc('month', now() at time zone 'UTC');
  asked constant date := coalesce(month, this_month);
begin
  call kernel.require_permission('credits.usage.read');
  return json_build_object(
    'month', to_char(asked, 'YYYY-MM'),
    'ends_at', (asked + interval '1 month') at time zone 'UTC',
    'resources', (select json_agg(told order by told.resource) from (
      select r.resource_type as resource, r.unit, r.description, u.used, l.maximum as limit,
        case when l.maximum > 0 then round(100.0 * u.used / l.maximum, 1) end as percentage,
        (select coalesce(sum(p.credits_consumed), 0)::bigint from credits.usage_periods p
          where p.organization_id = organization and p.resource_type = r.resource_type and p.billing_period = asked) as credits
      from credits.resources r
      cross join lateral (select case when r.resource_type = 'seats' and asked = this_month then credits.seats_taken(organization)
        else credits.usage_in(organization, r.resource_type, r.aggregation, asked) end as used) u
      left join credits.limits l on l.organization_id = organization and l.resource_type = r.resource_type and asked = this_month) told),
    'members', coalesce((select json_agg(told) from (
      select p.member_key as user_id, m.display_name as name, p.resource_type as resource, sum(p.amount)::bigint as used, sum(p.credits_consumed)::bigint as credits
      from credits.usage_periods p join organizations.memberships m on m.organization_id = organization and m.user_id = p.member_key
      where p.organization_id = organization and p.billing_period = asked
      group by 1, 2, 3 order by 5 desc, 4 desc, 1, 3 limit members_max) told), '[]'),
    'days', coalesce((select json_agg(told) from (
      select d.day, d.resource_type as resource, d.amount as used, d.credits_consumed as credits from credits.usage_days d
      where d.organization_id = organization and d.day >= asked and d.day < asked + interval '1 month' order by d.day, d.resource_type) told), '[]'));
end
$$;
comment on function credits.read_usage(date) is 'What the organization that was entered used in a month: by resource with its limit, by member, and by day.';
call kernel.run_as_definer('credits.read_usage');
grant execute on function credits.read_usage to tenon_member;

/*
  Requests by API key, as a process counted them: a JSON array of {organization, key, calls}. Told again under the same batch they count once.
  Answers which organizations have used up their calls, so that the process refuses more of them at its door.
*/
create function credits.count_calls(batch text, calls jsonb) returns table (organization_id uuid, maximum bigint, used bigint, ends_at timestamptz)
  language plpgsql security definer set search_path = '' as $$
declare
  told record;
begin
  for told in
    select c.organization, jsonb_agg(jsonb_build_object('key', 'calls:' || batch || ':' || c.key, 'event', 'api_call', 'resource', 'api_calls', 'name', c.key, 'amount', c.calls)) as events
    from jsonb_to_recordset(calls) as c (organization uuid, key uuid, calls bigint)
    where exists (select from organizations.organizations o where o.id = c.organization) and c.calls > 0
    group by 1 order by 1
  loop
    perform credits.record_usage(told.organization, told.events);
  end loop;
  return query
    select l.organization_id, l.maximum, u.used, credits.end_of_month(now())
    from (select distinct c.organization from jsonb_to_recordset(calls) as c (organization uuid)) c
    join credits.limits l on l.organization_id = c.organization and l.resource_type = 'api_calls'
    cross join lateral (select credits.usage_in(c.organization, 'api_calls', 'sum', date_trunc('month', now() at time zone 'UTC')::date) as used) u
    where u.used >= l.maximum;
end
$$;
comment on function credits.count_calls is 'Writes down requests by API key, once a batch, and answers which organizations have used up theirs.';
call kernel.run_as_definer('credits.count_calls');
grant execute on function credits.count_calls to tenon_dispatcher;
