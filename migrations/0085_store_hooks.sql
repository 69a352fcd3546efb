-- What stores tell by themselves. It is proved by its signature, which is worked out outside of the database with the sealed secret.

create function commerce.hook_of(organization uuid, store uuid, request text, out platform text, out sealed bytea) returns setof record
  language sql stable security definer set search_path = ''
  begin atomic
    select s.platform, k.sealed
    from commerce.stores s
    join organizations.organizations o on o.id = s.organization_id and o.status = 'active'
    join commerce.store_credentials c on c.organization_id = s.organization_id and c.store_id = s.id
    join kernel.secrets k on k.organization_id = c.organization_id and k.id = c.secret_id
    where s.organization_id = organization and s.id = store and s.status in ('active', 'error');
  end;
comment on function commerce.hook_of is 'What proves that a store in use tells something: its platform, and what opens it, sealed.';
call kernel.run_as_definer('commerce.hook_of');

create function commerce.take_hook(
  organization uuid, store uuid, event_id text, topic text, kind text, external_id text, wish jsonb, request text
) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  maker uuid;
begin
  select s.connected_by into maker from commerce.stores s
    join organizations.organizations o on o.id = s.organization_id and o.status = 'active'
    where s.organization_id = organization and s.id = store and s.status in ('active', 'error');
  if not found then
    return false;
  end if;
  perform set_config('tenon.request', (request::jsonb || '{"actor": "system"}')::text, true);
  insert into commerce.webhook_inbox (organization_id, store_id, event_id, topic, payload)
    values (organization, store, take_hook.event_id, take_hook.topic, jsonb_build_object('kind', kind, 'id', take_hook.external_id))
    on conflict do nothing;
  if found then
    perform tasks.enqueue(organization, maker, jsonb_build_array(wish || jsonb_build_object(
      'type', 'commerce.take_event', 'input', jsonb_build_object('store', store, 'event', take_hook.event_id, 'kind', kind, 'id', take_hook.external_id))));
  end if;
  return found;
end
$$;
comment on function commerce.take_hook is 'Takes what a store told into the inbox, once, and has a task deal with it; whether it was new.';
call kernel.run_as_definer('commerce.take_hook');
grant execute on function commerce.hook_of, commerce.take_hook to tenon_gate;

create function commerce.settle_hook(store uuid, event_id text, failure text) returns void
  language sql security definer set search_path = ''
  begin atomic
    update commerce.webhook_inbox i set processed_at = now(), error = failure
      where i.organization_id = kernel.organization_id() and i.store_id = store and i.event_id = settle_hook.event_id;
  end;
comment on function commerce.settle_hook is 'Notes that what a store told was dealt with, or why it could not be.';
call kernel.run_as_definer('commerce.settle_hook');
grant execute on function commerce.settle_hook to tenon_worker;

-- Nothing in the inbox is needed any more when the store will not tell it again.
create function commerce.remove_old_events(kept interval, batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  removed integer;
begin
  delete from commerce.webhook_inbox i using (
      select o.organization_id, o.store_id, o.event_id from commerce.webhook_inbox o
      where o.received_at < now() - kept order by o.received_at limit batch for update skip locked) old
    where i.organization_id = old.organization_id and i.store_id = old.store_id and i.event_id = old.event_id;
  get diagnostics removed = row_count;
  return removed;
end
$$;
comment on function commerce.remove_old_events is 'Removes what stores told long ago, of all organizations; how many.';
call kernel.run_as_definer('commerce.remove_old_events');
grant execute on function commerce.remove_old_events to tenon_dispatcher;
