-- Where people work. A task of a person, or a task that asks one, waits in no line: it takes up no worker, no place, no connection. What
-- people owe is an approval: the work itself, whose answer is the task's result, or a decision with which the task goes on.
-- Who changes an approval locks its task first, as whoever ends the task does: one of the two comes first, and the other sees it.

-- Who.

create function tasks.find_role(organization uuid, named text) returns uuid
  language sql stable set search_path = ''
  begin atomic
    select r.id from organizations.roles r where r.organization_id = organization and named in (r.id::text, r.name);
  end;
comment on function tasks.find_role is 'A role by its id or its name.';

create procedure tasks.require_people(organization uuid, member uuid, role uuid)
  language plpgsql set search_path = '' as $$
begin
  if num_nonnulls(member, role) <> 1 then
    raise exception 'Somebody has to do it' using errcode = 'TN012', hint = 'Name a member or a role of the organization, one of the two.';
  elsif member is not null and not exists (
    select from organizations.memberships m
    where m.organization_id = organization and m.user_id = member and m.status = 'active' and m.effective_permissions ? 'tasks.task.work'
  ) then
    raise exception 'No active member % works on tasks', member using errcode = 'TN012', hint = 'Choose a member whose roles include working on tasks.';
  elsif role is not null and not exists (
    select from organizations.role_permissions p
    where p.organization_id = organization and p.role_id = role and p.permission = 'tasks.task.work'
  ) then
    raise exception 'The holders of this role do not work on tasks' using errcode = 'TN012', hint = 'Choose a role that includes working on tasks.';
  end if;
end
$$;
comment on procedure tasks.require_people is 'Raises TN012 unless it is an active member who works on tasks, or a role whose holders do.';

create function tasks.holds_role(organization uuid, person uuid, role uuid) returns boolean
  language sql stable set search_path = ''
  return exists (
    select from organizations.member_roles r where r.organization_id = organization and r.user_id = person and r.role_id = role);
comment on function tasks.holds_role is 'Whether a member holds a role.';

create function tasks.is_gone(organization uuid, person uuid) returns boolean
  language sql stable set search_path = ''
  return exists (
    select from organizations.memberships m where m.organization_id = organization and m.user_id = person and m.status <> 'active');
comment on function tasks.is_gone is 'Whether a member can do nothing, as they left or were suspended.';

create function tasks.name_of(organization uuid, person uuid) returns text
  language sql stable set search_path = ''
  return (select m.display_name from organizations.memberships m where m.organization_id = organization and m.user_id = person);
comment on function tasks.name_of is 'What colleagues call a member.';

-- Approvals are made and opened.

create function tasks.plan_approval(organization uuid, task uuid, kind text, wish jsonb) returns uuid
  language plpgsql set search_path = '' as $$
declare
  form_bytes_max constant integer := 32768;
  form constant jsonb := coalesce(wish -> 'form', '[]');
  role constant uuid := tasks.find_role(organization, wish ->> 'role');
  expires_after constant integer := wish ->> 'expires_after_minutes';
  due constant timestamptz := wish ->> 'due_at';
  step record;
  made uuid;
begin
  call tasks.require_people(organization, (wish ->> 'assigned_to')::uuid, role);
  if pg_column_size(form) > form_bytes_max then
    raise exception 'The form takes more than % KB', form_bytes_max / 1024 using errcode = 'TN012', hint = 'Ask for less, or in fewer words.';
  elsif jsonb_array_length(coalesce(wish -> 'reminders', '[]')) > 5 or jsonb_array_length(coalesce(wish -> 'escalation', '[]')) > 10 then
    raise exception 'There are too many steps' using errcode = 'TN012', hint = 'Give at most 5 reminders and 10 steps of escalation.';
  elsif due is null and jsonb_array_length(coalesce(wish -> 'reminders', '[]')) > 0 then
    raise exception 'Reminders need a time until when it is due' using errcode = 'TN012', hint = 'Give due_at.';
  end if;
  insert into tasks.approvals (organization_id, task_id, kind, key, title, details, form, assigned_to, role_id, due_at, on_rejection, on_expiry)
    values (organization, task, plan_approval.kind, coalesce(wish ->> 'key', plan_approval.kind), wish ->> 'title', coalesce(wish ->> 'details', ''),
            form, (wish ->> 'assigned_to')::uuid, role, due, coalesce(wish ->> 'on_rejection', 'fail'), coalesce(wish ->> 'on_expiry', 'fail'))
    returning id into made;
  for step in
    select 'remind' as kind, r.value::integer as minutes, null::uuid as member, null::uuid as role, -r.value::integer as place, 0 as given
      from jsonb_array_elements_text(coalesce(wish -> 'reminders', '[]')) r
    union all
    select 'escalate', (e.value ->> 'after_minutes')::integer, (e.value ->> 'assigned_to')::uuid,
           tasks.find_role(organization, e.value ->> 'role'), (e.value ->> 'after_minutes')::integer, e.ordinality
      from jsonb_array_elements(coalesce(wish -> 'escalation', '[]')) with ordinality e
    union all
    select 'expire', expires_after, null, null, expires_after, 100 where expires_after is not null
    order by place, given
  loop
    if step.kind = 'escalate' then
      call tasks.require_people(organization, step.member, step.role);
      if step.minutes > expires_after then
        raise exception 'It would go to somebody else after it has expired' using errcode = 'TN012', hint = 'Let it expire after the last step of its escalation.';
      end if;
    end if;
    insert into tasks.approval_steps (organization_id, approval_id, position, kind, minutes, assigned_to, role_id)
      select organization, made, count(*) + 1, step.kind, step.minutes, step.member, step.role
      from tasks.approval_steps s where s.organization_id = organization and s.approval_id = made;
  end loop;
  return made;
end
$$;
comment on function tasks.plan_approval is
  'Makes an approval that waits for its task. The wish has title, details, form, assigned_to or role, key, due_at, reminders, escalation, expires_after_minutes, on_rejection, on_expiry.';

-- When something happens next to who does nothing. What should have been reminded of before it was there is not.
create function tasks.next_of(a tasks.approvals) returns timestamptz
  language sql stable set search_path = ''
  return case when a.assigned_to is not null and tasks.is_gone(a.organization_id, a.assigned_to) then now() else (
    select min(s.at) from tasks.approval_steps s where s.organization_id = a.organization_id and s.approval_id = a.id and s.done_at is null) end;
comment on function tasks.next_of is 'When something happens next to an approval: at once where its member is gone.';

create function tasks.open_planned(a tasks.approvals) returns void
  language plpgsql set search_path = '' as $$
begin
  update tasks.approval_steps s
    set at = case when s.kind = 'remind' then a.due_at - s.minutes * interval '1 minute' else greatest(a.due_at, now()) + s.minutes * interval '1 minute' end,
        done_at = case when s.kind = 'remind' and a.due_at - s.minutes * interval '1 minute' <= now() then now() end
    where s.organization_id = a.organization_id and s.approval_id = a.id;
  update tasks.approvals x set status = 'pending', opened_at = now(), next_at = tasks.next_of(a)
    where x.organization_id = a.organization_id and x.id = a.id;
end
$$;
comment on function tasks.open_planned is 'Opens an approval to its people, and sets its steps going.';

create function tasks.plan_work(organization uuid, made uuid[], wished tasks.wish[]) returns void
  language plpgsql set search_path = '' as $$
declare
  wish record;
begin
  for wish in
    select w.id, w.person, w.assigned_to, w.name, w.description from unnest(wished) with ordinality w
    where w.worker_type = 'human' and w.id = any (made) order by w.ordinality
  loop
    perform tasks.plan_approval(organization, wish.id, 'work', coalesce(wish.person, '{}') || jsonb_build_object(
      'key', 'work', 'title', wish.name, 'details', coalesce(wish.description, ''), 'assigned_to', wish.assigned_to));
  end loop;
end
$$;
comment on function tasks.plan_work is 'Plans the work of new tasks that are a person''s.';

create function tasks.open_work(organization uuid, ids uuid[]) returns void
  language plpgsql set search_path = '' as $$
begin
  update tasks.approvals a set next_at = t.scheduled_for
    from tasks.tasks t where t.organization_id = organization and t.id = any (ids) and t.scheduled_for > now()
      and a.organization_id = organization and a.task_id = t.id and a.status = 'planned';
  perform tasks.open_planned(a) from tasks.approvals a
    where a.organization_id = organization and a.task_id = any (ids) and a.status = 'planned' and a.next_at is null;
end
$$;
comment on function tasks.open_work is 'Opens the work of tasks that wait for nothing any more; what is for later is opened then.';

/*
  A task that runs asks for an approval, and waits then. Asked again by another try of it, it is the same approval, until the task was
  told what was decided.
*/
create function tasks.open_approval(task uuid, wish jsonb) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  made uuid;
begin
  perform from tasks.tasks t
    where t.organization_id = organization and t.id = task and t.status in ('queued', 'processing') for no key update;
  if not found then
    raise exception 'The task is not under way' using errcode = 'TN011', hint = 'A task asks for approvals while it runs.';
  end if;
  select a.id into made from tasks.approvals a
    where a.organization_id = organization and a.task_id = task and a.kind = 'approval' and a.key = coalesce(wish ->> 'key', 'approval')
      and a.status <> 'cancelled' and a.told_at is null;
  if not found then
    made := tasks.plan_approval(organization, task, 'approval', wish);
    perform tasks.open_planned(a) from tasks.approvals a where a.organization_id = organization and a.id = made;
  end if;
  return made;
end
$$;
comment on function tasks.open_approval is 'Asks people for a decision on behalf of a task that runs; answers with the approval.';
call kernel.run_as_definer('tasks.open_approval');
grant execute on function tasks.open_approval to tenon_worker;

-- What failed for good and says so goes to people, who do it by hand or give it up. Where the role is gone, the owners are asked.
create function tasks.give_to_people(organization uuid, task uuid, wish jsonb) returns void
  language plpgsql set search_path = '' as $$
declare
  role constant uuid := coalesce(tasks.find_role(organization, wish ->> 'role'), (
    select r.id from organizations.roles r where r.organization_id = organization and r.template = 'owner'));
  title constant text := 'Do by hand: ' || (select t.name from tasks.tasks t where t.organization_id = organization and t.id = task);
  made uuid;
begin
  made := tasks.plan_approval(organization, task, 'work', wish || jsonb_build_object('key', 'by_hand', 'role', role, 'title', title));
  update tasks.tasks t set status = 'escalated' where t.organization_id = organization and t.id = task;
  perform tasks.open_planned(a) from tasks.approvals a where a.organization_id = organization and a.id = made;
end
$$;
comment on function tasks.give_to_people is 'Has people do what a task has failed to do.';

-- Decisions.

create function tasks.end_work(a tasks.approvals) returns void
  language plpgsql set search_path = '' as $$
begin
  if (a.status, 'fail') in (('rejected', a.on_rejection), ('expired', a.on_expiry)) then
    perform tasks.end_at_once(a.organization_id, array[a.task_id], 'failed', tasks.refusal_of(a));
    return;
  end if;
  update tasks.tasks t
    set status = 'completed', output = a.answer, error_details = null, completed_at = now(), started_at = least(t.started_at, a.opened_at),
        assigned_to = coalesce(a.decided_by, t.assigned_to)
    where t.organization_id = a.organization_id and t.id = a.task_id and t.status in ('waiting', 'escalated');
  if found then
    perform tasks.follow_ends(a.organization_id, array[a.task_id]);
  end if;
end
$$;
comment on function tasks.end_work is 'Ends a task whose work was a person''s as that person said.';

create function tasks.refusal_of(a tasks.approvals) returns jsonb
  language sql immutable set search_path = ''
  return jsonb_strip_nulls(jsonb_build_object(
    'code', a.status, 'message', case a.status when 'expired' then 'Nobody answered in time.' else coalesce(a.reason, 'It was rejected.') end,
    'approval', a.id, 'by', a.decided_by));
comment on function tasks.refusal_of is 'Why a task fails by what people said, or did not say.';

/*
  Has a task that waits go on with what was decided, or fail by it, as soon as all that it asked for is decided. One that does not wait
  yet takes it when it begins to. The task is locked.
*/
create function tasks.take_decisions(organization uuid, task uuid) returns void
  language plpgsql set search_path = '' as $$
declare
  context_bytes_max constant integer := 65536;
  t tasks.tasks;
  refused tasks.approvals;
  told jsonb;
begin
  select * into t from tasks.tasks x where x.organization_id = organization and x.id = task and x.status in ('waiting', 'escalated');
  if not found then
    return;
  end if;
  select * into refused from tasks.approvals a
    where a.organization_id = organization and a.task_id = task and a.kind = 'approval' and a.told_at is null
      and (a.status = 'rejected' and a.on_rejection = 'fail' or a.status = 'expired' and a.on_expiry = 'fail') order by a.decided_at limit 1;
  if refused.id is null and exists (
    select from tasks.approvals a where a.organization_id = organization and a.task_id = task and a.kind = 'approval' and a.status = 'pending'
  ) then
    return;
  end if;
  with news as (
    update tasks.approvals a set told_at = now()
      where a.organization_id = organization and a.task_id = task and a.kind = 'approval' and a.told_at is null
        and a.status in ('approved', 'rejected', 'expired') returning a.*
  )
  select jsonb_object_agg(n.key, jsonb_strip_nulls(jsonb_build_object(
    'approval', n.id, 'decision', n.status, 'answer', n.answer, 'reason', n.reason, 'by', n.decided_by, 'at', n.decided_at))) into told from news n;
  if refused.id is not null then
    perform tasks.end_at_once(organization, array[task], 'failed', tasks.refusal_of(refused));
  elsif told is not null then
    told := t.context || jsonb_build_object('approvals', coalesce(t.context -> 'approvals', '{}') || told);
    if pg_column_size(told) > context_bytes_max then
      raise exception 'The answers to this task take more than % KB together', context_bytes_max / 1024 using errcode = 'TN012', hint = 'Say it in fewer words.';
    end if;
    -- To wait was no failure: it does not use up a try.
    update tasks.tasks x set context = told, attempts_max = least(x.attempts_max + 1, 100) where x.organization_id = organization and x.id = task;
    perform tasks.make_ready(organization, array[task]);
  end if;
end
$$;
comment on function tasks.take_decisions is 'Has a task that waits go on with what was decided, or fail by it.';

create function tasks.follow_decision(a tasks.approvals) returns void
  language plpgsql set search_path = '' as $$
begin
  if a.kind = 'work' then
    perform tasks.end_work(a);
  else
    perform tasks.take_decisions(a.organization_id, a.task_id);
  end if;
end
$$;
comment on function tasks.follow_decision is 'What becomes of a task when what it asked people for is over.';

/*
  An approval that is open, with its task locked, for whoever may see it: who has it, who holds its role, who sees all tasks. Raises
  TN011 when it is over, with who decided.
*/
create function tasks.lock_approval(approval uuid, out a tasks.approvals, out is_mine boolean)
  language plpgsql set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  held constant jsonb := kernel.actor_permissions();
begin
  select * into a from tasks.approvals x where x.organization_id = organization and x.id = approval and x.status <> 'planned';
  if a.id is null or not held ? 'tasks.task.work' or not coalesce(a.assigned_to = kernel.user_id(), false)
      and not tasks.holds_role(organization, kernel.user_id(), a.role_id) and not kernel.covers(held, '{"tasks.task.read": "organization"}') then
    raise exception 'There is no such approval' using errcode = 'TN010';
  end if;
  perform from tasks.tasks t where t.organization_id = organization and t.id = a.task_id for no key update;
  select * into a from tasks.approvals x where x.organization_id = organization and x.id = approval for no key update;
  if a.status in ('approved', 'rejected', 'done') then
    raise exception '% was faster: it is % already', tasks.name_of(organization, a.decided_by), a.status using errcode = 'TN011', hint = 'Nothing more is needed.';
  elsif a.status <> 'pending' then
    raise exception 'It is % already', a.status using errcode = 'TN011', hint = 'Nothing more is needed.';
  end if;
  is_mine := case when a.assigned_to is null then tasks.holds_role(organization, kernel.user_id(), a.role_id) else a.assigned_to = kernel.user_id() end;
end
$$;
comment on function tasks.lock_approval is 'An open approval and its task, locked, and whether it waits for who entered.';

create procedure tasks.require_own(a tasks.approvals, is_mine boolean)
  language plpgsql set search_path = '' as $$
begin
  if is_mine or kernel.covers(kernel.actor_permissions(), '{"tasks.task.write": "organization"}') then
    return;
  elsif a.assigned_to is not null and tasks.holds_role(a.organization_id, kernel.user_id(), a.role_id) then
    raise exception '% has taken this', tasks.name_of(a.organization_id, a.assigned_to) using errcode = 'TN011', hint = 'Ask them to hand it over.';
  end if;
  raise exception 'This waits for somebody else' using errcode = 'TN003', hint = 'Ask them, or an administrator, to hand it over.';
end
$$;
comment on procedure tasks.require_own is 'Raises unless an approval waits for who entered, or they may change all tasks.';

-- The form was checked by the server, which knows what a field may hold.
create function tasks.decide_approval(approval uuid, decision text, answer jsonb, reason text) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  found_approval record;
  a tasks.approvals;
begin
  found_approval := tasks.lock_approval(approval);
  a := found_approval.a;
  call tasks.require_own(a, found_approval.is_mine);
  if decision is null or (a.kind, decision) not in (('work', 'done'), ('work', 'rejected'), ('approval', 'approved'), ('approval', 'rejected')) then
    raise exception 'This cannot be %', decision using errcode = 'TN012', hint = 'Work is done or rejected, an approval approved or rejected.';
  elsif decision = 'rejected' and btrim(coalesce(reason, '')) = '' then
    raise exception 'Say why' using errcode = 'TN012', hint = 'Give a reason: who asked reads it.';
  end if;
  update tasks.approvals x
    set status = decision, decided_by = kernel.user_id(), decided_at = now(), answer = decide_approval.answer, reason = decide_approval.reason,
        assigned_to = coalesce(x.assigned_to, kernel.user_id()), next_at = null
    where x.organization_id = a.organization_id and x.id = a.id returning * into a;
  perform tasks.follow_decision(a);
  return json_build_object('id', a.id, 'status', a.status);
end
$$;
comment on function tasks.decide_approval is 'Decides an approval, or ends the work that it is, once; the task follows.';
call kernel.run_as_definer('tasks.decide_approval');

-- Who has it changes.

create function tasks.assign_approval(a tasks.approvals, member uuid, role uuid) returns tasks.approvals
  language plpgsql set search_path = '' as $$
begin
  update tasks.approvals x set assigned_to = member, role_id = role
    where x.organization_id = a.organization_id and x.id = a.id returning * into a;
  update tasks.tasks t set assigned_to = member
    where t.organization_id = a.organization_id and t.id = a.task_id and t.worker_type = 'human' and t.assigned_to is distinct from member;
  update tasks.approvals x set next_at = tasks.next_of(a) where x.organization_id = a.organization_id and x.id = a.id;
  return a;
end
$$;
comment on function tasks.assign_approval is 'Gives an approval to a member, of a role or by themselves, or to a role.';

create function tasks.take_approval(approval uuid) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  found_approval record;
  a tasks.approvals;
begin
  found_approval := tasks.lock_approval(approval);
  a := found_approval.a;
  call tasks.require_own(a, found_approval.is_mine);
  a := tasks.assign_approval(a, kernel.user_id(), a.role_id);
  return json_build_object('id', a.id, 'assigned_to', a.assigned_to);
end
$$;
comment on function tasks.take_approval is 'A holder of the role takes an approval: nobody else decides it then, but who may change all tasks.';
call kernel.run_as_definer('tasks.take_approval');

create function tasks.hand_over_approval(approval uuid, member uuid, role uuid) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  found_approval record;
  a tasks.approvals;
begin
  found_approval := tasks.lock_approval(approval);
  a := found_approval.a;
  call tasks.require_own(a, found_approval.is_mine);
  call tasks.require_people(a.organization_id, member, role);
  a := tasks.assign_approval(a, member, role);
  return json_build_object('id', a.id, 'assigned_to', a.assigned_to, 'role', a.role_id);
end
$$;
comment on function tasks.hand_over_approval is 'Gives an approval to another member, or to a role.';
call kernel.run_as_definer('tasks.hand_over_approval');
grant execute on function tasks.decide_approval, tasks.take_approval, tasks.hand_over_approval to tenon_member, tenon_own;
grant execute on function tasks.find_role, tasks.holds_role, tasks.is_gone, tasks.name_of, tasks.plan_approval, tasks.next_of, tasks.open_planned,
  tasks.plan_work, tasks.open_work, tasks.give_to_people, tasks.end_work, tasks.refusal_of, tasks.take_decisions, tasks.follow_decision,
  tasks.lock_approval, tasks.assign_approval to tenon_definer;
grant execute on procedure tasks.require_people, tasks.require_own to tenon_definer;
