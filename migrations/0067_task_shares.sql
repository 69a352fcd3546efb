-- How much of the workers an organization gets follows its plan.

alter table billing.plans add column task_weight integer not null default 1 check (task_weight between 1 and 100);
comment on column billing.plans.task_weight is 'The share of the workers when others wait too: twice the weight, twice the tasks.';
update billing.plans set task_weight = 1 << (rank - 1);

create function billing.keep_share(organization uuid) returns void
  language sql set search_path = ''
  begin atomic
    update tasks.lines l set weight = given.weight, running_max = 100 * given.weight, burst_max = 400 * given.weight
      from (
        select coalesce(max(p.task_weight), 1) as weight from billing.subscriptions s join billing.plans p on p.code = s.plan
        where s.organization_id = organization and s.status <> 'cancelled') given
      where l.organization_id = organization and l.weight <> given.weight;
  end;
comment on function billing.keep_share(uuid) is 'Brings an organization''s share of the workers up to date with its plan.';
grant execute on function billing.keep_share to tenon_definer;

create function billing.share_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform billing.keep_share(new.organization_id);
  return null;
end
$$;
comment on function billing.share_changed() is 'Keeps the share of an organization whose plan changes.';
call kernel.run_as_definer('billing.share_changed');
create trigger keep_share after insert or update of plan, status on billing.subscriptions for each row execute function billing.share_changed();
select billing.keep_share(s.organization_id) from (select distinct organization_id from billing.subscriptions) s;
