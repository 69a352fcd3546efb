-- What becomes of holds: settled at what the work cost, released when it did not happen, expired when nobody came back.

-- Takes from an account's lots: by priority, then what expires first, then the oldest. What they lack is debt, and stands under no lot.
create function credits.burn(organization uuid, account uuid, amount bigint, out lots uuid[], out parts bigint[])
  language plpgsql set search_path = '' as $$
declare
  missing bigint := amount;
  lot record;
begin
  lots := '{}';
  parts := '{}';
  for lot in
    select l.id, l.remaining from credits.lots l
    where l.organization_id = organization and l.account_id = account and l.remaining > 0
    order by l.priority, l.expires_at, l.id
  loop
    exit when missing = 0;
    lots := lots || lot.id;
    parts := parts || least(lot.remaining, missing);
    missing := missing - least(lot.remaining, missing);
  end loop;
  update credits.lots l set remaining = l.remaining - burnt.part
    from unnest(lots, parts) as burnt (lot, part) where l.organization_id = organization and l.id = burnt.lot;
  if missing > 0 then
    lots := lots || null::uuid;
    parts := parts || missing;
  end if;
end
$$;
comment on function credits.burn is 'Takes an amount from an account''s lots: which, and how much of each. The account must be locked.';

-- All legs of a movement at once: one on the account for each lot, and one against them.
create function credits.book(
  organization uuid, account uuid, kind text, against text, lots uuid[], parts bigint[], balance bigint, operation_key text,
  at timestamptz, hold uuid default null, member uuid default null, note text default ''
) returns void
  language sql set search_path = ''
  begin atomic
    insert into credits.ledger_entries (organization_id, created_at, account_id, kind, leg, amount, balance_after, operation_key, lot_id, hold_id, user_id, note)
      select organization, at, account, kind, 'account', p.part, balance + sum(p.part) over (order by p.n), operation_key, p.lot, hold, member, note
      from unnest(lots, parts) with ordinality as p (lot, part, n)
      union all
      select organization, at, account, kind, against, -sum(p.part), null, operation_key, case when cardinality(lots) = 1 then lots[1] end, hold, member, note
      from unnest(parts) as p (part);
  end;
comment on function credits.book is 'Books a movement on an account: its parts by lot, and what stands against them. balance is what was posted before.';

/*
  The work is done, and cost so much. More than was set aside is taken only from what is free within the limits, and the rest is written down as
  uncollected: nothing raises, and work that was done is never lost. A hold that expired is settled all the same, out of what is free.
  Asked again it answers what it did; a hold that was released stays so, and nothing is charged. status is what the hold is then.
*/
create function credits.settle_hold(
  organization uuid, hold uuid, actual bigint, note text default '', out status text, out charged bigint, out uncollected bigint
)
  language plpgsql set search_path = '' as $$
declare
  at timestamptz;
  h credits.holds;
  b credits.balances;
  set_aside bigint := 0;
  burnt record;
begin
  b := credits.lock_account_of(organization, hold);
  at := clock_timestamp();
  select * into h from credits.holds x where x.organization_id = organization and x.id = hold for no key update;
  if actual < 0 or actual is null then
    raise exception 'Work costs nothing or something' using errcode = 'TN012';
  elsif h.status in ('settled', 'released') then
    status := h.status;
    charged := coalesce(h.settled - h.uncollected, 0);
    uncollected := h.uncollected;
    return;
  elsif h.status = 'active' then
    set_aside := h.amount;
  end if;

  if b.month_ends_at <= at then
    b.month_ends_at := credits.end_of_month(at);
    b.used_this_month := 0;
  end if;
  charged := least(actual, set_aside + case when b.is_active
    then greatest(least(b.posted - b.held + b.overdraft_limit, b.monthly_limit - b.used_this_month - b.held), 0) else 0 end);
  uncollected := actual - charged;
  status := 'settled';
  if charged > 0 then
    select * into burnt from credits.burn(organization, b.account_id, charged);
    perform credits.book(organization, b.account_id, 'charge', 'revenue', burnt.lots, array(select -part from unnest(burnt.parts) with ordinality as p (part, n) order by n),
      b.posted, 'settle:' || hold, at, hold, h.user_id, note);
  end if;
  update credits.holds x set status = settle_hold.status, settled = actual, uncollected = settle_hold.uncollected, closed_at = at
    where x.organization_id = organization and x.id = hold;
  update credits.balances x set posted = x.posted - charged, held = x.held - set_aside, month_ends_at = b.month_ends_at, used_this_month = b.used_this_month + charged
    where x.organization_id = organization and x.account_id = b.account_id returning * into b;
  if b.is_capped then
    perform credits.count_spending(organization, b.account_id, h.tree_id, h.user_id, h.created_at, actual - set_aside);
  end if;
  if credits.is_worth_a_look(b) then
    perform credits.watch(b);
  end if;
end
$$;
comment on function credits.settle_hold is 'Charges what a piece of work cost, and frees what was set aside beyond it.';

-- The account first, then the hold: every verb locks in this order.
create function credits.lock_account_of(organization uuid, hold uuid) returns credits.balances
  language plpgsql set search_path = '' as $$
declare
  b credits.balances;
begin
  select * into b from credits.balances x where x.organization_id = organization
    and x.account_id = (select h.account_id from credits.holds h where h.organization_id = organization and h.id = hold) for no key update;
  if not found then
    raise exception 'No such hold' using errcode = 'TN010';
  end if;
  return b;
end
$$;
comment on function credits.lock_account_of is 'Locks and gives the account that a hold is on; TN010 where there is no such hold.';

-- The work did not happen. What is closed already stays as it is; the answer is what the hold is then.
create function credits.release_hold(organization uuid, hold uuid) returns text
  language plpgsql set search_path = '' as $$
declare
  h credits.holds;
begin
  perform credits.lock_account_of(organization, hold);
  update credits.holds x set status = 'released', closed_at = clock_timestamp()
    where x.organization_id = organization and x.id = hold and x.status = 'active' returning * into h;
  if found then
    update credits.balances b set held = b.held - h.amount where b.organization_id = organization and b.account_id = h.account_id;
    perform credits.count_spending(organization, h.account_id, h.tree_id, h.user_id, h.created_at, -h.amount);
    return 'released';
  end if;
  return (select x.status from credits.holds x where x.organization_id = organization and x.id = hold);
end
$$;
comment on function credits.release_hold is 'Frees what was set aside for work that did not happen; answers what the hold is then.';

-- Heartbeats. It locks holds in their order and no account.
create function credits.extend_holds(organizations uuid[], holds uuid[], until timestamptz) returns integer
  language plpgsql set search_path = '' as $$
declare
  extended integer;
begin
  with alive as materialized (
    select h.organization_id, h.id from unnest(organizations, holds) as given (organization_id, id)
    join credits.holds h on h.organization_id = given.organization_id and h.id = given.id
    where h.status = 'active' order by h.organization_id, h.id for no key update of h
  )
  update credits.holds h set expires_at = greatest(h.expires_at, until) from alive where h.organization_id = alive.organization_id and h.id = alive.id;
  get diagnostics extended = row_count;
  return extended;
end
$$;
comment on function credits.extend_holds is 'Keeps holds whose work is still heard of; returns how many were still active.';

grant execute on function credits.burn, credits.book, credits.settle_hold, credits.lock_account_of, credits.release_hold, credits.extend_holds to tenon_definer;

-- The dispatcher's sweeps. Several may run at once: what another one holds is passed by.

create function credits.expire_holds(batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  due record;
  freed record;
  expired integer := 0;
begin
  for due in
    select h.organization_id, h.account_id, array_agg(h.id order by h.id) as holds from (
      select x.organization_id, x.account_id, x.id from credits.holds x where x.status = 'active' and x.expires_at <= now() limit batch
    ) h group by 1, 2 order by 1, 2
  loop
    perform from credits.balances b where b.organization_id = due.organization_id and b.account_id = due.account_id for no key update skip locked;
    continue when not found;
    for freed in
      update credits.holds h set status = 'expired', closed_at = clock_timestamp()
        where h.organization_id = due.organization_id and h.id = any (due.holds) and h.status = 'active' and h.expires_at <= now()
        returning h.amount, h.tree_id, h.user_id, h.created_at
    loop
      update credits.balances b set held = b.held - freed.amount where b.organization_id = due.organization_id and b.account_id = due.account_id;
      perform credits.count_spending(due.organization_id, due.account_id, freed.tree_id, freed.user_id, freed.created_at, -freed.amount);
      expired := expired + 1;
    end loop;
  end loop;
  return expired;
end
$$;
comment on function credits.expire_holds(integer) is 'Frees what is set aside for work that is not heard of any more; returns how many holds.';
call kernel.run_as_definer('credits.expire_holds');

-- What is void goes, but never what is set aside: that part stays until its work is over.
create function credits.expire_lots(batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  due record;
  b credits.balances;
  part bigint;
  operation text;
  expired integer := 0;
begin
  for due in
    select l.organization_id, l.account_id, l.id from credits.lots l
    join credits.balances x on x.organization_id = l.organization_id and x.account_id = l.account_id
    where l.remaining > 0 and l.expires_at <= now() and x.posted > x.held
    order by l.organization_id, l.account_id, l.expires_at, l.id limit batch
  loop
    select * into b from credits.balances x where x.organization_id = due.organization_id and x.account_id = due.account_id for no key update skip locked;
    continue when not found;
    select least(l.remaining, b.posted - b.held), 'expire:' || l.id || ':' || l.remaining into part, operation from credits.lots l
      where l.organization_id = due.organization_id and l.id = due.id;
    continue when part <= 0;
    update credits.lots l set remaining = l.remaining - part where l.organization_id = due.organization_id and l.id = due.id;
    perform credits.book(b.organization_id, b.account_id, 'expiry', 'expired', array[due.id], array[-part], b.posted, operation, clock_timestamp());
    update credits.balances x set posted = x.posted - part where x.organization_id = b.organization_id and x.account_id = b.account_id;
    perform credits.note_operation(b.organization_id, operation, 'expiry', credits.hash_of(jsonb_build_array(due.id, part)), jsonb_build_object('lot_id', due.id, 'account_id', b.account_id, 'amount', part));
    expired := expired + 1;
  end loop;
  return expired;
end
$$;
comment on function credits.expire_lots(integer) is 'Voids what is left of lots whose time is over and is not set aside; returns how many lots.';
call kernel.run_as_definer('credits.expire_lots');

create function credits.begin_month(batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  begun integer;
begin
  with old as materialized (
    select b.organization_id, b.account_id from credits.balances b where b.month_ends_at <= now()
    order by 1, 2 limit batch for no key update skip locked
  )
  update credits.balances b set month_ends_at = credits.end_of_month(now()), used_this_month = 0
    from old where b.organization_id = old.organization_id and b.account_id = old.account_id;
  get diagnostics begun = row_count;
  return begun;
end
$$;
comment on function credits.begin_month(integer) is 'Begins the month anew on accounts on which nothing was spent in it yet; returns how many.';
call kernel.run_as_definer('credits.begin_month');
grant execute on function credits.expire_holds, credits.expire_lots, credits.begin_month to tenon_dispatcher, tenon_definer;
