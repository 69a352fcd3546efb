-- Credits that come, move and are put right. Each is done once by its key, and is on the record by its row in credits.operations.

-- Under the account's lock: what was answered to the same wish before, or null. The key of another wish is refused.
create function credits.find_operation(organization uuid, operation_key text, kind text, request_hash bytea) returns jsonb
  language plpgsql set search_path = '' as $$
declare
  done credits.operations;
begin
  select * into done from credits.operations o where o.organization_id = organization and o.operation_key = find_operation.operation_key;
  if found and (done.kind <> find_operation.kind or done.request_hash <> find_operation.request_hash) then
    raise exception 'The key % stands for another operation', operation_key using errcode = 'TN011', hint = 'Choose another key.';
  elsif done.operation_key is null and exists (
    select from credits.ledger_entries e where e.organization_id = organization and e.operation_key = find_operation.operation_key
  ) then
    -- Its answer was removed in time; the books still know that it was done.
    raise exception 'The key % was used long ago', operation_key using errcode = 'TN011', hint = 'Choose another key.';
  end if;
  return done.result;
end
$$;
comment on function credits.find_operation is 'What an operation answered that was done already; null where it is new.';

create function credits.note_operation(organization uuid, operation_key text, kind text, request_hash bytea, result jsonb) returns jsonb
  language plpgsql set search_path = '' as $$
begin
  insert into credits.operations (organization_id, operation_key, kind, request_hash, result)
    values (organization, operation_key, kind, request_hash, result) on conflict do nothing;
  if not found then
    -- Somebody used it at the same moment, for another account.
    raise exception 'The key % stands for another operation', operation_key using errcode = 'TN011', hint = 'Choose another key.';
  end if;
  return result;
end
$$;
comment on function credits.note_operation is 'Notes an operation that was done, and its answer.';

create function credits.hash_of(request jsonb) returns bytea
  language sql immutable parallel safe
  return sha256(convert_to(request::text, 'UTF8'));
comment on function credits.hash_of(jsonb) is 'By what two wishes under one key are compared.';

create function credits.lock_account(organization uuid, account uuid) returns credits.balances
  language plpgsql set search_path = '' as $$
declare
  b credits.balances;
begin
  select * into b from credits.balances x where x.organization_id = organization and x.account_id = account for no key update;
  if not found then
    raise exception 'No such account' using errcode = 'TN010';
  end if;
  return b;
end
$$;
comment on function credits.lock_account is 'Locks and gives an account; TN010 where there is none.';

create procedure credits.require_amount(amount bigint)
  language plpgsql set search_path = '' as $$
begin
  if amount is null or amount not between 1 and 1000000000000000 then
    raise exception 'An amount is at least one micro-credit, and a thousand million credits at most' using errcode = 'TN012';
  end if;
end
$$;
comment on procedure credits.require_amount(bigint) is 'Raises TN012 for an amount that nobody books.';

create procedure credits.require_free(b credits.balances, amount bigint)
  language plpgsql set search_path = '' as $$
begin
  if not b.is_active then
    raise exception 'The account is frozen or closed' using errcode = 'TN011';
  elsif b.posted - b.held < amount then
    raise exception 'Only % of % credits on the account are free', credits.in_credits(greatest(b.posted - b.held, 0)), credits.in_credits(greatest(b.posted, 0))
      using errcode = 'TN011', hint = 'What is set aside for work under way cannot be moved, nor what is not there.';
  end if;
end
$$;
comment on procedure credits.require_free is 'Raises TN011 unless so much is on an account and not set aside.';

-- A lot comes onto an account, which is locked. What the account owes is covered first: that part is under no lot.
create function credits.receive(
  b credits.balances, kind text, against text, source text, amount bigint, operation_key text, note text, expires_at timestamptz, priority integer,
  hold uuid default null
) returns uuid
  language plpgsql set search_path = '' as $$
declare
  debt constant bigint := least(greatest(-b.posted, 0), amount);
  lot uuid;
  lots uuid[];
  parts bigint[];
begin
  insert into credits.lots (organization_id, account_id, source, granted, remaining, priority, expires_at, note)
    values (b.organization_id, b.account_id, source, amount, amount - debt, priority, expires_at, note) returning id into lot;
  select array_agg(p.lot order by p.n), array_agg(p.part order by p.n) into lots, parts
    from unnest(array[null, lot], array[debt, amount - debt]) with ordinality as p (lot, part, n) where p.part > 0;
  perform credits.book(b.organization_id, b.account_id, kind, against, lots, parts, b.posted, operation_key, clock_timestamp(), hold, kernel.user_id(), note);
  update credits.balances x set posted = x.posted + amount where x.organization_id = b.organization_id and x.account_id = b.account_id;
  return lot;
end
$$;
comment on function credits.receive is 'Books a lot that comes onto an account; returns it.';

create function credits.grant_credits(
  organization uuid, account uuid, source text, amount bigint, operation_key text, note text default '', expires_at timestamptz default null,
  priority integer default 50
) returns uuid
  language plpgsql set search_path = '' as $$
declare
  hash constant bytea := credits.hash_of(jsonb_build_array(account, source, amount, note, expires_at, priority));
  b constant credits.balances := credits.lock_account(organization, account);
  done jsonb := credits.find_operation(organization, operation_key, 'grant', hash);
begin
  if done is null then
    call credits.require_amount(amount);
    done := credits.note_operation(organization, operation_key, 'grant', hash, jsonb_build_object('account_id', account, 'amount', amount, 'balance', b.posted + amount,
      'lot_id', credits.receive(b, 'grant', 'granted', source, amount, operation_key, note, expires_at, priority)));
  end if;
  return done ->> 'lot_id';
end
$$;
comment on function credits.grant_credits is 'Books credits that came onto an account and returns their lot. The key makes it once: asked for again, it answers the same.';

-- Never more than was charged. It comes back as a lot that does not expire, and the month's limit counts what was charged all the same.
create function credits.refund_credits(organization uuid, hold uuid, amount bigint, operation_key text, note text default '') returns uuid
  language plpgsql set search_path = '' as $$
declare
  hash constant bytea := credits.hash_of(jsonb_build_array(hold, amount, note));
  b constant credits.balances := credits.lock_account_of(organization, hold);
  done jsonb := credits.find_operation(organization, operation_key, 'refund', hash);
  left_over bigint;
begin
  if done is null then
    call credits.require_amount(amount);
    select coalesce(h.settled, 0) - h.uncollected - h.refunded into left_over from credits.holds h where h.organization_id = organization and h.id = hold;
    if left_over < amount then
      raise exception 'No more than % credits can be given back', credits.in_credits(left_over) using errcode = 'TN011', hint = 'It is what the work was charged, less what was given back already.';
    end if;
    update credits.holds h set refunded = h.refunded + refund_credits.amount where h.organization_id = organization and h.id = hold;
    done := credits.note_operation(organization, operation_key, 'refund', hash, jsonb_build_object('account_id', b.account_id, 'hold_id', hold, 'amount', amount, 'balance', b.posted + amount,
      'lot_id', credits.receive(b, 'refund', 'revenue', 'refund', amount, operation_key, note, null, 50, hold)));
  end if;
  return done ->> 'lot_id';
end
$$;
comment on function credits.refund_credits is 'Gives back what a piece of work was charged, or a part of it; returns the lot.';

-- What is moved stays what it was: it expires when it would have.
create function credits.transfer_credits(organization uuid, source_account uuid, target_account uuid, amount bigint, operation_key text, note text default '') returns jsonb
  language plpgsql set search_path = '' as $$
declare
  hash constant bytea := credits.hash_of(jsonb_build_array(source_account, target_account, amount, note));
  source credits.balances;
  target credits.balances;
  done jsonb;
  burnt record;
  moved record;
begin
  if source_account = target_account then
    raise exception 'Credits are moved from one account to another' using errcode = 'TN012';
  end if;
  perform credits.lock_account(organization, least(source_account, target_account)), credits.lock_account(organization, greatest(source_account, target_account));
  source := credits.lock_account(organization, source_account);
  done := credits.find_operation(organization, operation_key, 'transfer', hash);
  if done is not null then
    return done;
  end if;
  call credits.require_amount(amount);
  call credits.require_free(source, amount);
  if exists (select from credits.accounts a where a.organization_id = organization and a.id = target_account and a.status = 'closed') then
    raise exception 'The account to move them to is closed' using errcode = 'TN011';
  end if;
  select * into burnt from credits.burn(organization, source_account, amount);
  perform credits.book(organization, source_account, 'transfer', 'transfer', burnt.lots, array(select -part from unnest(burnt.parts) with ordinality as p (part, n) order by n),
    source.posted, operation_key, clock_timestamp(), null, kernel.user_id(), note);
  update credits.balances b set posted = b.posted - amount where b.organization_id = organization and b.account_id = source_account;
  for moved in
    select b.part, l.expires_at, l.priority from unnest(burnt.lots, burnt.parts) with ordinality as b (lot, part, n)
    join credits.lots l on l.organization_id = organization and l.id = b.lot order by b.n
  loop
    target := credits.lock_account(organization, target_account);
    perform credits.receive(target, 'transfer', 'transfer', 'transfer', moved.part, operation_key, note, moved.expires_at, moved.priority);
  end loop;
  return credits.note_operation(organization, operation_key, 'transfer', hash, jsonb_build_object(
    'from', source_account, 'to', target_account, 'amount', amount, 'from_balance', source.posted - amount,
    'to_balance', (select b.posted from credits.balances b where b.organization_id = organization and b.account_id = target_account)));
end
$$;
comment on function credits.transfer_credits is 'Moves free credits between two accounts of an organization.';

-- Puts the books right: more than zero adds, less takes away what is free.
create function credits.adjust_credits(organization uuid, account uuid, amount bigint, operation_key text, note text) returns jsonb
  language plpgsql set search_path = '' as $$
declare
  hash constant bytea := credits.hash_of(jsonb_build_array(account, amount, note));
  b constant credits.balances := credits.lock_account(organization, account);
  done jsonb := credits.find_operation(organization, operation_key, 'adjustment', hash);
  burnt record;
begin
  if done is not null then
    return done;
  end if;
  call credits.require_amount(abs(amount));
  if amount > 0 then
    perform credits.receive(b, 'adjustment', 'adjusted', 'adjustment', amount, operation_key, note, null, 50);
  else
    call credits.require_free(b, -amount);
    select * into burnt from credits.burn(organization, account, -amount);
    perform credits.book(organization, account, 'adjustment', 'adjusted', burnt.lots, array(select -part from unnest(burnt.parts) with ordinality as p (part, n) order by n),
      b.posted, operation_key, clock_timestamp(), null, kernel.user_id(), note);
    update credits.balances x set posted = x.posted + amount where x.organization_id = organization and x.account_id = account;
  end if;
  return credits.note_operation(organization, operation_key, 'adjustment', hash,
    jsonb_build_object('account_id', account, 'amount', amount, 'balance', b.posted + amount));
end
$$;
comment on function credits.adjust_credits is 'Adds to an account or takes away from it, with a reason.';

grant execute on function credits.find_operation, credits.note_operation, credits.hash_of, credits.lock_account, credits.receive, credits.grant_credits,
  credits.refund_credits, credits.transfer_credits, credits.adjust_credits to tenon_definer;
grant execute on procedure credits.require_amount, credits.require_free to tenon_definer;

-- The doors of members who look after the credits.

create function credits.transfer(source_account uuid, target_account uuid, amount bigint, operation_key text, note text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('credits.account.manage');
  return credits.transfer_credits(kernel.organization_id(), source_account, target_account, amount, operation_key, note);
end
$$;
comment on function credits.transfer is 'Moves credits between two accounts of the organization that was entered.';
call kernel.run_as_definer('credits.transfer');

-- An organization may give credits up; that they come out of nothing is for the operator to say.
create function credits.give_up(account uuid, amount bigint, operation_key text, note text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('credits.account.manage');
  call credits.require_amount(amount);
  return credits.adjust_credits(kernel.organization_id(), account, -amount, operation_key, note);
end
$$;
comment on function credits.give_up is 'Takes credits off an account of the organization that was entered, for good.';
call kernel.run_as_definer('credits.give_up');

create function credits.add_account(name text) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  accounts_max constant integer := 100;
  account uuid;
begin
  call kernel.require_permission('credits.account.manage');
  perform organizations.lock_organization(kernel.organization_id());
  if (select count(*) from credits.accounts a where a.organization_id = kernel.organization_id()) >= accounts_max then
    raise exception 'An organization has % accounts at most', accounts_max using errcode = 'TN011', hint = 'Use one of them.';
  end if;
  insert into credits.accounts (organization_id, name) values (kernel.organization_id(), btrim(add_account.name)) returning id into account;
  return account;
end
$$;
comment on function credits.add_account(text) is 'Opens one more account of the organization that was entered, with nothing on it.';
call kernel.run_as_definer('credits.add_account');

-- What is left out of the JSON stays as it is; a daily limit of null lifts it.
create function credits.set_limits(account uuid, limits jsonb) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  given record;
begin
  call kernel.require_permission('credits.account.manage');
  update credits.accounts a
    set monthly_limit = coalesce((limits ->> 'monthly_limit')::bigint, a.monthly_limit),
        low_balance = coalesce((limits ->> 'low_balance')::bigint, a.low_balance),
        member_daily_limit = case when limits ? 'member_daily_limit' then (limits ->> 'member_daily_limit')::bigint else a.member_daily_limit end
    where a.organization_id = kernel.organization_id() and a.id = account;
  if not found then
    raise exception 'No such account' using errcode = 'TN010';
  end if;
  for given in select * from jsonb_to_recordset(coalesce(limits -> 'members', '[]')) as m (user_id uuid, daily_limit bigint) order by m.user_id loop
    if not exists (select from organizations.memberships m where m.organization_id = kernel.organization_id() and m.user_id = given.user_id) then
      raise exception 'No such member' using errcode = 'TN012', hint = 'Choose members of this organization.';
    elsif given.daily_limit is null then
      delete from credits.member_limits l where l.organization_id = kernel.organization_id() and l.account_id = account and l.user_id = given.user_id;
    else
      insert into credits.member_limits as l (organization_id, account_id, user_id, daily_limit)
        values (kernel.organization_id(), account, given.user_id, given.daily_limit)
        on conflict on constraint member_limits_pkey do update set daily_limit = excluded.daily_limit;
    end if;
  end loop;
end
$$;
comment on function credits.set_limits is 'Sets an account''s limits, and those of single members.';
call kernel.run_as_definer('credits.set_limits');
grant execute on function credits.transfer, credits.give_up, credits.add_account, credits.set_limits to tenon_member;
