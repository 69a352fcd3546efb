-- What time brings to those who do not answer: a reminder, somebody else, the end. And who sees which approvals.

create function tasks.tell_people(a tasks.approvals, template text) returns void
  language sql set search_path = ''
  begin atomic
    select kernel.queue_mail(p.email, tell_people.template, jsonb_build_object(
      'name', p.display_name, 'title', (tell_people.a).title, 'organization', p.organization, 'slug', p.slug, 'approval', (tell_people.a).id,
      'due', coalesce(to_char((tell_people.a).due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), '')))
    from (
      select u.email, m.display_name, o.name as organization, o.slug
      from organizations.memberships m
      join identity.users u on u.id = m.user_id and u.kind = 'person' and u.status = 'active'
      join organizations.organizations o on o.id = m.organization_id
      where m.organization_id = (tell_people.a).organization_id and m.status = 'active'
        and case when (tell_people.a).assigned_to is not null then m.user_id = (tell_people.a).assigned_to
          else tasks.holds_role(m.organization_id, m.user_id, (tell_people.a).role_id) end
      order by m.user_id limit 50
    ) p;
  end;
comment on function tasks.tell_people is 'Writes to who has an approval; of a role, to at most 50 of its holders.';

create function tasks.escalate_approval(a tasks.approvals, member uuid, role uuid) returns void
  language plpgsql set search_path = '' as $$
begin
  update tasks.approvals x set escalation_level = least(x.escalation_level + 1, 10) where x.organization_id = a.organization_id and x.id = a.id;
  a := tasks.assign_approval(a, member, role);
  update tasks.tasks t set status = 'escalated' where t.organization_id = a.organization_id and t.id = a.task_id and t.status = 'waiting';
  perform tasks.tell_people(a, 'approval_escalated');
end
$$;
comment on function tasks.escalate_approval is 'Hands an approval up, and tells who has it now.';

-- Of whom is gone, it falls to the role; or it is handed up at once; or, where nobody stands above, the owners have it.
create function tasks.replace_assignee(a tasks.approvals) returns void
  language plpgsql set search_path = '' as $$
declare
  step tasks.approval_steps;
begin
  if a.role_id is not null then
    a := tasks.assign_approval(a, null, a.role_id);
    perform tasks.tell_people(a, 'approval_escalated');
    return;
  end if;
  update tasks.approval_steps s set done_at = now()
    where s.organization_id = a.organization_id and s.approval_id = a.id and s.position = (
      select n.position from tasks.approval_steps n
      where n.organization_id = a.organization_id and n.approval_id = a.id and n.kind = 'escalate' and n.done_at is null order by n.position limit 1)
    returning * into step;
  perform tasks.escalate_approval(a, step.assigned_to, case when step.position is not null then step.role_id else (
    select r.id from organizations.roles r where r.organization_id = a.organization_id and r.template = 'owner') end);
end
$$;
comment on function tasks.replace_assignee is 'Gives what a member had who is gone to somebody else.';

create function tasks.take_step(a tasks.approvals) returns text
  language plpgsql set search_path = '' as $$
declare
  step tasks.approval_steps;
begin
  update tasks.approval_steps s set done_at = now()
    where s.organization_id = a.organization_id and s.approval_id = a.id and s.position = (
      select n.position from tasks.approval_steps n
      where n.organization_id = a.organization_id and n.approval_id = a.id and n.done_at is null and n.at <= now() order by n.at, n.position limit 1)
    returning * into step;
  case step.kind
    when 'remind' then
      perform tasks.tell_people(a, 'approval_reminder');
    when 'escalate' then
      perform tasks.escalate_approval(a, step.assigned_to, step.role_id);
    when 'expire' then
      update tasks.approvals x set status = 'expired', decided_at = now(), next_at = null
        where x.organization_id = a.organization_id and x.id = a.id returning * into a;
      perform tasks.follow_decision(a);
      return step.kind;
    else null;
  end case;
  update tasks.approvals x set next_at = tasks.next_of(x) where x.organization_id = a.organization_id and x.id = a.id;
  return step.kind;
end
$$;
comment on function tasks.take_step is 'Does the next step of an approval that is due; answers with its kind.';

/*
  Does what is due for at most a batch of approvals, and answers for how many. Any number of processes may do it at once: an approval whose
  task somebody else has locked is theirs. What ends a task reaches other tasks, so it is the last of its transaction.
*/
create function tasks.sweep_people(batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  due record;
  a tasks.approvals;
  moved integer := 0;
begin
  for due in
    select x.organization_id, x.id, x.task_id from tasks.approvals x
    join organizations.organizations o on o.id = x.organization_id and o.status = 'active'
    where x.next_at <= now() order by x.next_at limit batch
  loop
    perform from tasks.tasks t where t.organization_id = due.organization_id and t.id = due.task_id for no key update skip locked;
    continue when not found;
    select * into a from tasks.approvals x
      where x.organization_id = due.organization_id and x.id = due.id and x.next_at <= now() and x.status in ('planned', 'pending') for no key update;
    continue when not found;
    moved := moved + 1;
    if a.status = 'planned' then
      perform tasks.open_planned(a);
    elsif a.assigned_to is not null and tasks.is_gone(a.organization_id, a.assigned_to) then
      perform tasks.replace_assignee(a);
    elsif tasks.take_step(a) = 'expire' then
      exit;
    end if;
  end loop;
  return moved;
end
$$;
comment on function tasks.sweep_people is 'Reminds, hands up and ends what is due of approvals; answers how many.';
call kernel.run_as_definer('tasks.sweep_people');
grant execute on function tasks.sweep_people to tenon_dispatcher;

create function tasks.member_gone() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update tasks.approvals a set next_at = now()
    where a.organization_id = new.organization_id and a.assigned_to = new.user_id and a.status = 'pending';
  return null;
end
$$;
comment on function tasks.member_gone() is 'Has what a member had who is gone go to others.';
call kernel.run_as_definer('tasks.member_gone');
create trigger hand_work_on after update of status on organizations.memberships
  for each row when (old.status = 'active' and new.status <> 'active') execute function tasks.member_gone();
grant execute on function tasks.tell_people, tasks.escalate_approval, tasks.replace_assignee, tasks.take_step to tenon_definer;

-- Who sees what. Members who may see tasks see all; everybody sees what waits for them, and what they decided.

create function tasks.sees_all() returns boolean
  language sql stable security definer set search_path = ''
  return kernel.covers(kernel.actor_permissions(), '{"tasks.task.read": "organization"}');
comment on function tasks.sees_all() is 'Whether who entered may see the tasks of everybody.';
call kernel.run_as_definer('tasks.sees_all');
grant execute on function tasks.sees_all to tenon_member;

create view tasks.all_approvals with (security_invoker = true) as
  select a.organization_id, a.id, a.task_id, a.kind, a.key, a.title, a.details, a.form, a.assigned_to, a.role_id, a.status, a.due_at, a.opened_at,
         a.escalation_level, a.decided_by, a.decided_at, a.answer, a.reason, a.version, a.created_at, a.updated_at,
         t.name as task_name, t.type as task_type, t.status as task_status, case when a.kind = 'work' then t.input end as task_input,
         t.error_details as task_error,
         (select m.display_name from organizations.memberships m where m.organization_id = a.organization_id and m.user_id = a.assigned_to) as assignee,
         (select m.display_name from organizations.memberships m where m.organization_id = a.organization_id and m.user_id = a.decided_by) as decider,
         (select r.name from organizations.roles r where r.organization_id = a.organization_id and r.id = a.role_id) as role
  from tasks.approvals a
  join tasks.tasks t on t.organization_id = a.organization_id and t.id = a.task_id
  where a.status <> 'planned';
comment on view tasks.all_approvals is 'Approvals with what is needed to decide them. Sensitivity: high.';
grant select on tasks.all_approvals to tenon_member, tenon_definer;

create function tasks.own_approvals(with_taken boolean) returns setof tasks.all_approvals
  language sql stable security definer set search_path = ''
  begin atomic
    select a.* from tasks.all_approvals a
    where a.organization_id = kernel.organization_id() and a.assigned_to = kernel.user_id()
    union all
    select a.* from tasks.all_approvals a
    where a.organization_id = kernel.organization_id() and a.assigned_to is distinct from kernel.user_id() and (with_taken or a.assigned_to is null)
      and a.status <> 'cancelled' and a.role_id in (
      select h.role_id from organizations.member_roles h where h.organization_id = kernel.organization_id() and h.user_id = kernel.user_id());
  end;
comment on function tasks.own_approvals(boolean) is
  'What waits for who entered, by name or as a holder of a role, and what was theirs; with what other holders took, or without.';
call kernel.run_as_definer('tasks.own_approvals');
grant execute on function tasks.own_approvals to tenon_member, tenon_own;
