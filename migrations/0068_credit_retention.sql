-- What nobody asks for any more is removed in time: how holds came about, the answers to operations, the keys of usage. The ledger is kept,
-- and what the books are verified by goes together.

create function credits.organizations_with_old_rows(after uuid, books_kept interval, keys_kept interval, most integer) returns setof uuid
  language sql stable security definer set search_path = ''
  begin atomic
    select o.id from organizations.organizations o
    where o.id > after and not audit.is_held(o.id) and (
      exists (select from credits.holds h where h.organization_id = o.id and h.id < credits.first_id_of(((now() - books_kept) at time zone 'UTC')::date))
      or exists (select from credits.operations p where p.organization_id = o.id and p.created_at < now() - books_kept)
      or exists (select from credits.usage_keys k where k.organization_id = o.id and k.created_at < now() - keys_kept))
    order by o.id limit most;
  end;
comment on function credits.organizations_with_old_rows is 'The next organizations that may have something to be removed; those with a legal hold have none.';
call kernel.run_as_definer('credits.organizations_with_old_rows');

/*
  Removes holds that were closed longer ago than they are kept, of the next so many behind a place in the order of their making. Answers with the place to
  go on from (null: that was all) and how many are gone. What members spent in days as old goes with them, and what trees did on which nothing was
  reserved for as long; the holds of a tree that is still counted stay.
*/
create function credits.remove_old_holds(organization uuid, kept interval, batch integer, inout hold uuid, out removed integer)
  language plpgsql security definer set search_path = '' as $$
declare
  old_before constant timestamptz := now() - kept;
  old_day constant date := (old_before at time zone 'UTC')::date;
  looked_at uuid[];
begin
  -- Whoever places a legal hold holds this lock; whoever begins to count what a tree spent, those of the accounts.
  perform organizations.lock_organization(organization);
  perform from credits.balances b where b.organization_id = organization order by b.account_id for no key update;
  removed := 0;
  looked_at := array(
    select h.id from credits.holds h where h.organization_id = organization and h.id > hold and h.id < credits.first_id_of(old_day) order by h.id limit batch);
  if not audit.is_held(organization) then
    delete from credits.spending s where s.organization_id = organization
      and case s.kind when 'member' then s.day <= old_day else s.updated_at < old_before end;
    delete from credits.holds h where h.organization_id = organization and h.id = any (looked_at) and h.status <> 'active' and h.closed_at < old_before
      and not exists (select from credits.spending s
        where s.organization_id = h.organization_id and s.account_id = h.account_id and s.kind = 'tree' and s.subject_id = h.tree_id);
    get diagnostics removed = row_count;
  end if;
  hold := case when cardinality(looked_at) = batch then looked_at[batch] end;
end
$$;
comment on function credits.remove_old_holds is 'Removes holds that were closed longer ago than they are kept, a batch of one organization.';
call kernel.run_as_definer('credits.remove_old_holds');

-- A key of the books is not forgotten by that: their entries have it too.
create function credits.remove_old_keys(organization uuid, books_kept interval, keys_kept interval, batch integer, out removed integer)
  language plpgsql security definer set search_path = '' as $$
declare
  operations integer;
begin
  perform set_config('tenon.request', '{"actor": "system", "agent": "credits.retention"}', true);
  perform organizations.lock_organization(organization);
  removed := 0;
  if not audit.is_held(organization) then
    delete from credits.operations o where o.organization_id = organization and o.operation_key in (
      select p.operation_key from credits.operations p where p.organization_id = organization and p.created_at < now() - books_kept limit batch);
    get diagnostics operations = row_count;
    delete from credits.usage_keys u where u.organization_id = organization and u.operation_key in (
      select k.operation_key from credits.usage_keys k where k.organization_id = organization and k.created_at < now() - keys_kept limit batch);
    get diagnostics removed = row_count;
    removed := removed + operations;
  end if;
end
$$;
comment on function credits.remove_old_keys is 'Removes the answers to old operations and the keys of old usage, a batch of one organization; returns how many.';
call kernel.run_as_definer('credits.remove_old_keys');
grant execute on function credits.organizations_with_old_rows, credits.remove_old_holds, credits.remove_old_keys to tenon_dispatcher;
