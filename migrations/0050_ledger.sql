/*
  The ledger's verbs, which modules call in the transaction of the work that is paid for: reserve before it, settle or release after it.

  What always holds, whoever does what at the same time:
    posted of an account is the sum of its account legs; held the sum of its active holds; posted - held >= -overdraft_limit
    the remaining of its lots add up to posted, or to zero where it is overdrawn; remaining of a lot is the sum of the legs that name it
    the legs of an operation add up to zero
  Operations on an account happen one after the other, by its row's lock, and what they book has the time at which they held it.
  A transaction that works on several accounts takes them in the order of organization and account, or it may meet another one's lock.
*/

create table credits.spending (
  organization_id uuid not null,
  account_id uuid not null,
  kind text not null check (kind in ('tree', 'member')),
  subject_id uuid not null,
  day date not null,
  amount bigint not null,
  primary key (organization_id, account_id, kind, subject_id, day),
  foreign key (organization_id, account_id) references credits.accounts on delete cascade,
  check ((day = '-infinity') = (kind = 'tree'))
);
comment on table credits.spending is 'What a tree of tasks, or a member in a day, set aside and spent: kept from the moment that somebody caps it. Sensitivity: medium.';
comment on column credits.spending.account_id is 'The account.';
comment on column credits.spending.kind is 'Whose spending it is.';
comment on column credits.spending.subject_id is 'The task at the root of the tree, or the member.';
comment on column credits.spending.day is 'The day (UTC); of a tree all time.';
comment on column credits.spending.amount is 'The active holds and what others settled at, in micro-credits.';
call kernel.tenant_table('credits.spending', audit => 'none', access => 'read');

create table credits.notices (
  organization_id uuid not null,
  account_id uuid not null,
  kind text not null check (kind in ('month_80', 'month_100', 'low_balance')),
  period text not null check (length(period) <= 50),
  used bigint not null,
  maximum bigint not null,
  primary key (organization_id, account_id, kind, period),
  foreign key (organization_id, account_id) references credits.accounts on delete cascade
);
comment on table credits.notices is 'What people were told of an account, once each. Sensitivity: medium.';
comment on column credits.notices.account_id is 'The account.';
comment on column credits.notices.kind is 'That 80 or 100 per cent of the month''s limit are used, or that little is free.';
comment on column credits.notices.period is 'The month; of a low balance the lot that came last: it is told again after more came.';
comment on column credits.notices.used is 'What was used of the limit then, or free, in micro-credits.';
comment on column credits.notices.maximum is 'The limit, or the low balance, in micro-credits.';
call kernel.tenant_table('credits.notices', audit => 'none', access => 'read');

create function credits.end_of_month(instant timestamptz) returns timestamptz
  language sql stable parallel safe
  return (date_trunc('month', instant at time zone 'UTC') + interval '1 month') at time zone 'UTC';
comment on function credits.end_of_month(timestamptz) is 'When the month (UTC) of a moment ends.';

create function credits.used_now(b credits.balances) returns bigint
  language sql stable parallel safe
  return case when (b).month_ends_at > now() then (b).used_this_month else 0 end;
comment on function credits.used_now(credits.balances) is 'What was spent in this month, also where nothing was yet.';

-- An expression that the planner puts in place: it is worked out anew on the row as it is when it is locked. The month is not looked at, as
-- whoever is refused by it begins the new one.
create function credits.can_hold(b credits.balances, amount bigint) returns boolean
  language sql immutable parallel safe
  return (b).is_active and (b).posted - (b).held + (b).overdraft_limit >= amount and (b).used_this_month + (b).held + amount <= (b).monthly_limit;
comment on function credits.can_hold(credits.balances, bigint) is 'Whether an account can set an amount aside.';

create function credits.refusal_of(b credits.balances, amount bigint) returns text
  language sql stable parallel safe
  return case
    when not (b).is_active then 'frozen'
    when (b).posted - (b).held + (b).overdraft_limit < amount then 'out_of_credit'
    when not credits.can_hold(b, amount) then 'monthly_limit'
  end;
comment on function credits.refusal_of(credits.balances, bigint) is 'Why an account cannot set an amount aside; null when it can.';

create function credits.in_credits(amount bigint) returns text
  language sql immutable parallel safe
  return trim_scale(round(amount / 1000000.0, 2))::text;
comment on function credits.in_credits(bigint) is 'Micro-credits as people read them.';

-- Telling people. Nothing waits for it: the work goes on.

create function credits.tell(b credits.balances, kind text, period text, used bigint, maximum bigint) returns void
  language plpgsql set search_path = '' as $$
begin
  if exists (select from credits.notices n where n.organization_id = b.organization_id and n.account_id = b.account_id and n.kind = tell.kind and n.period = tell.period) then
    return;
  end if;
  insert into credits.notices (organization_id, account_id, kind, period, used, maximum)
    values (b.organization_id, b.account_id, tell.kind, tell.period, tell.used, tell.maximum) on conflict do nothing;
  if found then
    perform kernel.queue_mail(m.email, case tell.kind when 'month_80' then 'credits_mostly_used' when 'month_100' then 'credits_used_up' else 'credits_low' end, jsonb_build_object('name', m.display_name, 'organization', o.name,
        'slug', o.slug, 'account', a.name, 'used', credits.in_credits(tell.used), 'maximum', credits.in_credits(tell.maximum)))
      from organizations.memberships m join organizations.organizations o on o.id = m.organization_id
      join credits.accounts a on a.organization_id = b.organization_id and a.id = b.account_id
      where m.organization_id = b.organization_id and m.status = 'active' and m.kind = 'person'
        and m.effective_permissions ->> 'credits.account.manage' = 'organization';
  end if;
end
$$;
comment on function credits.tell is 'Tells those who look after an account something, once: a notice, and a mail to each.';

create function credits.watch(b credits.balances) returns void
  language plpgsql set search_path = '' as $$
declare
  used constant bigint := credits.used_now(b);
begin
  if used >= b.monthly_limit then
    perform credits.tell(b, 'month_100', to_char(now() at time zone 'UTC', 'YYYY-MM'), used, b.monthly_limit);
  elsif used::numeric * 5 >= b.monthly_limit::numeric * 4 then
    perform credits.tell(b, 'month_80', to_char(now() at time zone 'UTC', 'YYYY-MM'), used, b.monthly_limit);
  end if;
  if b.posted - b.held < b.low_balance and b.low_balance > 0 then
    perform credits.tell(b, 'low_balance', coalesce((select l.id::text from credits.lots l where l.organization_id = b.organization_id and l.account_id = b.account_id
      order by l.id desc limit 1), ''), b.posted - b.held, b.low_balance);
  end if;
end
$$;
comment on function credits.watch(credits.balances) is 'Looks whether there is something to tell of an account.';

create function credits.is_worth_a_look(b credits.balances) returns boolean
  language sql stable parallel safe
  return (b).posted - (b).held < (b).low_balance or (b).used_this_month >= (b).monthly_limit / 5 * 4;
comment on function credits.is_worth_a_look(credits.balances) is 'Whether there may be something to tell of an account.';

create function credits.first_id_of(day date) returns uuid
  language sql immutable parallel safe
  return (lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid;
comment on function credits.first_id_of(date) is 'The least id that can have been made on a day (UTC), or after it.';

-- Caps. They are counted from the first time that somebody asks, under the account's lock.

create function credits.spent(organization uuid, account uuid, kind text, subject uuid, day date) returns bigint
  language plpgsql set search_path = '' as $$
declare
  known bigint;
begin
  if subject is null then
    return null;
  end if;
  select s.amount into known from credits.spending s
    where s.organization_id = organization and s.account_id = account and s.kind = spent.kind and s.subject_id = subject and s.day = spent.day;
  if found then
    return known;
  end if;
  insert into credits.spending (organization_id, account_id, kind, subject_id, day, amount)
    select organization, account, spent.kind, subject, spent.day, coalesce(sum(case h.status when 'active' then h.amount else coalesce(h.settled, 0) end), 0)
    from credits.holds h
    where h.organization_id = organization and h.account_id = account
      and case spent.kind when 'tree' then h.tree_id = subject else h.user_id = subject and (h.created_at at time zone 'UTC')::date = spent.day end
      -- What goes on is counted whatever its id: a clock that was set back makes the hold of a task older than the task.
      and (h.status = 'active' or h.id >= case when spent.kind = 'member' then credits.first_id_of(spent.day) when substr(subject::text, 15, 1) = '7' then subject else '00000000-0000-0000-0000-000000000000' end)
    returning amount into known;
  update credits.balances b set is_capped = true where b.organization_id = organization and b.account_id = account and not b.is_capped;
  return known;
end
$$;
comment on function credits.spent is 'What a tree, or a member in a day, set aside and spent; counted from now on. The account must be locked.';

create function credits.count_spending(organization uuid, account uuid, tree uuid, member uuid, at timestamptz, change bigint) returns void
  language plpgsql set search_path = '' as $$
begin
  if tree is not null then
    update credits.spending s set amount = s.amount + change
      where s.organization_id = organization and s.account_id = account and s.kind = 'tree' and s.subject_id = tree and s.day = '-infinity';
  end if;
  if member is not null then
    update credits.spending s set amount = s.amount + change
      where s.organization_id = organization and s.account_id = account and s.kind = 'member' and s.subject_id = member and s.day = (at at time zone 'UTC')::date;
  end if;
end
$$;
comment on function credits.count_spending is 'Adds to what a tree and a member spent, where that is counted.';

-- The key of a hold stands for one piece of work.
create function credits.refuse_other_work(organization uuid, account uuid, amount bigint, operation_key text, task uuid) returns void
  language plpgsql set search_path = '' as $$
begin
  if exists (
    select from credits.holds h where h.organization_id = organization and h.operation_key = refuse_other_work.operation_key
      and (h.account_id, h.amount, h.task_id) is distinct from (account, refuse_other_work.amount, task)
  ) then
    raise exception 'The key % stands for another reservation', operation_key using errcode = 'TN011', hint = 'Choose another key.';
  end if;
end
$$;
comment on function credits.refuse_other_work is 'Raises TN011 when the key of a reservation was used for another amount or other work.';

create function credits.count_within_caps(
  organization uuid, account uuid, amount bigint, tree uuid, tree_cap bigint, member uuid
) returns text
  language plpgsql set search_path = '' as $$
declare
  member_limit constant bigint := (
    select coalesce(l.daily_limit, a.member_daily_limit) from credits.accounts a
    left join credits.member_limits l on l.organization_id = organization and l.account_id = account and l.user_id = member
    where a.organization_id = organization and a.id = account and member is not null);
  refusal text;
begin
  perform credits.count_spending(organization, account, tree, member, now(), amount);
  refusal := case
    when member_limit is not null and credits.spent(organization, account, 'member', member, (now() at time zone 'UTC')::date) > member_limit then 'member_limit'
    when tree_cap is not null and credits.spent(organization, account, 'tree', tree, '-infinity') > tree_cap then 'tree_cap'
  end;
  if refusal is not null then
    perform credits.count_spending(organization, account, tree, member, now(), -amount);
  end if;
  return refusal;
end
$$;
comment on function credits.count_within_caps is 'Counts what is set aside, where it is counted, or says why it is more than a member''s day or a tree''s cap has left. The account must be locked, and the hold be there.';

create function credits.why_not(organization uuid, account uuid, amount bigint) returns text
  language plpgsql set search_path = '' as $$
declare
  b credits.balances;
  refusal text;
begin
  update credits.balances x set month_ends_at = credits.end_of_month(now()), used_this_month = 0
    where x.organization_id = organization and x.account_id = account and x.month_ends_at <= now();
  select * into b from credits.balances x where x.organization_id = organization and x.account_id = account;
  if not found then
    raise exception 'No such account' using errcode = 'TN010';
  end if;
  refusal := credits.refusal_of(b, amount);
  if refusal = 'monthly_limit' then
    perform credits.tell(b, 'month_100', to_char(now() at time zone 'UTC', 'YYYY-MM'), credits.used_now(b), b.monthly_limit);
  end if;
  return refusal;
end
$$;
comment on function credits.why_not is 'Why an account did not set an amount aside; null where it may be tried once more.';

/*
  Sets credits aside for a piece of work. Null, or why not (frozen, out_of_credit, monthly_limit, member_limit, tree_cap): it refuses
  without raising, so that a batch goes on, and what is refused leaves nothing behind. Asked twice under one key it answers the same; the
  key with another amount or for other work is refused with TN011. What says no is the condition of one update. The hold is inserted
  before it, for from then on the account's row is locked. It has no path of its own to set and reset: every name in it is whole.
*/
create function credits.try_reserve(
  organization uuid, account uuid, amount bigint, operation_key text, task uuid, tree uuid, member uuid, tree_cap bigint, expires_at timestamptz
) returns text
  language plpgsql as $$
declare
  place uuid := account;
  is_counted boolean;
  is_low boolean;
  refusal text;
begin
  if amount is null or amount < 0 then
    raise exception 'Nothing less than nothing is set aside' using errcode = 'TN012';
  end if;
  if account is null then
    select a.id into place from credits.accounts a where a.organization_id = organization and a.name = 'main';
    if not found then
      return credits.why_not(organization, null, amount);
    end if;
  end if;
  loop
    insert into credits.holds (organization_id, account_id, amount, operation_key, task_id, tree_id, user_id, expires_at)
      values (organization, place, amount, operation_key, task, tree, member, expires_at)
      on conflict on constraint holds_organization_id_operation_key_key do nothing;
    if not found then
      perform credits.refuse_other_work(organization, place, amount, operation_key, task);
      return null;
    end if;
    update credits.balances b set held = b.held + amount
      where b.organization_id = organization and b.account_id = place and credits.can_hold(b, amount)
      returning b.is_capped or tree_cap is not null, b.posted - b.held < b.low_balance into is_counted, is_low;
    if found then
      refusal := case when is_counted then credits.count_within_caps(organization, place, amount, tree, tree_cap, member) end;
      exit when refusal is null;
      update credits.balances b set held = b.held - amount where b.organization_id = organization and b.account_id = place;
    else
      refusal := credits.why_not(organization, place, amount);
    end if;
    delete from credits.holds h where h.organization_id = organization and h.operation_key = try_reserve.operation_key;
    if refusal is not null then
      return refusal;
    end if;
  end loop;
  if is_low then
    perform credits.watch(b) from credits.balances b where b.organization_id = organization and b.account_id = place;
  end if;
  return null;
end
$$;
comment on function credits.try_reserve is 'Sets credits aside for a piece of work before it begins: null, or why not.';

create function credits.hold_under(organization uuid, operation_key text) returns uuid
  language sql stable set search_path = ''
  return (select h.id from credits.holds h where h.organization_id = organization and h.operation_key = hold_under.operation_key);
comment on function credits.hold_under is 'The hold that was made under a key.';

grant execute on function credits.end_of_month, credits.used_now, credits.can_hold, credits.refusal_of, credits.in_credits, credits.tell, credits.watch, credits.is_worth_a_look,
  credits.spent, credits.count_spending, credits.try_reserve, credits.hold_under, credits.refuse_other_work, credits.count_within_caps, credits.why_not, credits.first_id_of to tenon_definer;
