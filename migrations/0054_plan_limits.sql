-- What the plan allows, kept where usage begins: its limits and seats, and what an organization was allowed for its own.

create function billing.keep_limits(organization uuid) returns void
  language plpgsql set search_path = '' as $$
declare
  allowed jsonb;
begin
  -- Whoever gave a plan up has what the smallest one allows.
  select p.limits || jsonb_strip_nulls(jsonb_build_object('seats', p.seats)) into allowed from billing.plans p
    where p.code = coalesce(
        (select s.plan from billing.subscriptions s where s.organization_id = organization and s.status <> 'cancelled'),
        (select least_plan.code from billing.plans least_plan order by least_plan.rank limit 1))
      and exists (select from billing.subscriptions s where s.organization_id = organization);
  select coalesce(allowed, '{}') || coalesce(jsonb_object_agg(own.key, own.value), '{}') into allowed
    from organizations.organizations o cross join jsonb_each(o.usage_limits) own
    where o.id = organization and jsonb_typeof(own.value) = 'number';
  perform credits.replace_limits(organization, allowed);
end
$$;
comment on function billing.keep_limits(uuid) is 'Brings an organization''s limits up to date with its plan and with what it was allowed for its own.';
grant execute on function billing.keep_limits to tenon_definer;

create function billing.subscription_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform billing.keep_limits(new.organization_id);
  return null;
end
$$;
comment on function billing.subscription_changed() is 'Keeps the limits of an organization whose plan changes.';
call kernel.run_as_definer('billing.subscription_changed');
create trigger keep_limits after insert or update of plan, status on billing.subscriptions for each row execute function billing.subscription_changed();

create function billing.plan_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform billing.keep_limits(s.organization_id) from (
    select distinct x.organization_id from billing.subscriptions x order by 1) s;
  return null;
end
$$;
comment on function billing.plan_changed() is 'Keeps the limits of the organizations when a plan allows more or less.';
call kernel.run_as_definer('billing.plan_changed');
create trigger keep_limits after update of limits, seats, rank on billing.plans for each row
  when ((old.limits, old.seats, old.rank) is distinct from (new.limits, new.seats, new.rank)) execute function billing.plan_changed();

create function billing.own_limits_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform billing.keep_limits(new.id);
  return null;
end
$$;
comment on function billing.own_limits_changed() is 'Keeps the limits of an organization that is allowed more or less than its plan.';
call kernel.run_as_definer('billing.own_limits_changed');
create trigger keep_limits after update of usage_limits on organizations.organizations for each row
  when (old.usage_limits is distinct from new.usage_limits) execute function billing.own_limits_changed();

/*
  Seats. Whoever becomes an active member takes one; services take none. The limit's row is locked before they are counted, so that of many who accept
  at once only as many get in as there are seats. Those who are in already stay, also when the plan becomes smaller.
*/
create function credits.take_seat() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform from credits.limits l where l.organization_id = new.organization_id and l.resource_type = 'seats' for no key update;
  if found then
    perform credits.check_limit(new.organization_id, 'seats', 0);
  end if;
  return null;
end
$$;
comment on function credits.take_seat() is 'Refuses a member for whom there is no seat left.';
call kernel.run_as_definer('credits.take_seat');
create trigger take_seat after insert on organizations.memberships for each row
  when (new.status = 'active' and new.kind = 'person') execute function credits.take_seat();
create trigger take_seat_again after update of status on organizations.memberships for each row
  when (new.status = 'active' and old.status <> 'active' and new.kind = 'person') execute function credits.take_seat();
