-- Labeling, what people do in it. Labelers see only rows of their own, so these functions find them the work and take it in.
-- They trust the entered organization and person and nothing else, and hold each call against the person's permissions.
-- What they refuse is told to people: TN003 not permitted, TN010 nothing there, TN011 in conflict, TN012 not valid.

create function labeling.require_permission(variadic any_of text[]) returns void
  language plpgsql stable set search_path = '' as $$
begin
  if not kernel.actor_permissions() ?| any_of then
    raise exception 'Permission % is missing', any_of[1]
      using errcode = 'TN003', hint = 'Ask an administrator of the organization for it.';
  end if;
end
$$;
comment on function labeling.require_permission(text[]) is 'Raises unless the person who entered holds one of these permissions.';

-- A person's claims and submissions wait for each other: two of them at once could take two slots of one task.
create function labeling.enter_labeler() returns uuid
  language plpgsql set search_path = '' as $$
begin
  perform labeling.require_permission('labeling.label.write');
  perform from organizations.memberships m
    where m.organization_id = kernel.organization_id() and m.user_id = kernel.user_id() for no key update;
  return kernel.user_id();
end
$$;
comment on function labeling.enter_labeler() is 'The person who entered, who may label and does one thing at a time.';

-- Reading. Clients see the projects of their customers; for everyone else no customers are named.

create function labeling.sees_project(customer uuid) returns boolean
  language sql stable set search_path = ''
  return kernel.customer_ids() is null or coalesce(customer = any (kernel.customer_ids()), false);
comment on function labeling.sees_project(uuid) is 'Whether who entered may see a project of this customer, or of none.';

create function labeling.figures_json(organization uuid, project uuid) returns json
  language plpgsql stable set search_path = '' as $$
begin
  return (
    select json_build_object(
      'total', sum(f.total), 'pending', sum(f.pending), 'in_progress', sum(f.in_progress),
      'submitted', sum(f.submitted), 'approved', sum(f.approved), 'rejected', sum(f.rejected),
      'approved_rate', max(m.approved_rate), 'average_rework', max(m.average_rework))
    from labeling.project_figures f
    cross join (
      select sum(day.approved)::float8 / nullif(sum(day.reviewed), 0)::float8 as approved_rate,
             sum(day.rejected)::float8 / nullif(sum(day.reviewed), 0)::float8 as average_rework
      from labeling.metrics day where day.organization_id = organization and day.project_id = project
    ) m
    where f.organization_id = organization and f.project_id = project
    having count(*) > 0);
end
$$;
comment on function labeling.figures_json(uuid, uuid) is 'The figures of a project: its tasks, and what its labelers'' days come to; null when there is no such project.';

create function labeling.project_json(organization uuid, project uuid) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object(
      'id', p.id, 'name', p.name, 'instructions', c.instructions,
      'labels', (
        select coalesce(json_agg(json_strip_nulls(json_build_object('name', l.name, 'key', l.key)) order by l.position), '[]')
        from labeling.choices l where l.organization_id = p.organization_id and l.project_id = p.id),
      'created_at', p.created_at, 'figures', labeling.figures_json(p.organization_id, p.id))
    from projects.projects p join labeling.configurations c on c.organization_id = p.organization_id and c.project_id = p.id
    where p.organization_id = organization and p.id = project;
  end;
comment on function labeling.project_json(uuid, uuid) is 'A labeling project with its label set and figures; null when there is none.';

create function labeling.list_projects() returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  projects_max constant integer := 200;
begin
  perform labeling.require_permission('labeling.project.read');
  return (
    select json_build_object('items', coalesce(json_agg(labeling.project_json(p.organization_id, p.id) order by p.created_at desc, p.id desc), '[]'))
    from (
      select l.organization_id, l.id, l.created_at
      from (
        select everybody.* from projects.projects everybody
          where kernel.customer_ids() is null and everybody.organization_id = kernel.organization_id() and everybody.kind = 'labeling'
        union all
        select theirs.* from projects.projects theirs
          where theirs.organization_id = kernel.organization_id() and theirs.customer_id = any (kernel.customer_ids()) and theirs.kind = 'labeling'
      ) l
      join labeling.configurations c on c.organization_id = l.organization_id and c.project_id = l.id
      order by l.created_at desc, l.id desc limit projects_max
    ) p);
end
$$;
comment on function labeling.list_projects() is 'The organization''s labeling projects as JSON, newest first, at most 200.';

create function labeling.read_project(project uuid) returns text
  language plpgsql stable security definer set search_path = '' as $$
begin
  perform labeling.require_permission('labeling.project.read', 'labeling.project.manage');
  return (
    select labeling.project_json(p.organization_id, p.id) from projects.projects p
    where p.organization_id = kernel.organization_id() and p.id = project and labeling.sees_project(p.customer_id));
end
$$;
comment on function labeling.read_project(uuid) is 'A labeling project as JSON; null when there is none.';

create function labeling.read_figures(project uuid) returns text
  language plpgsql stable security definer set search_path = '' as $$
begin
  perform labeling.require_permission('labeling.project.read');
  return (
    select labeling.figures_json(p.organization_id, p.id) from projects.projects p
    where p.organization_id = kernel.organization_id() and p.id = project and labeling.sees_project(p.customer_id));
end
$$;
comment on function labeling.read_figures(uuid) is 'The figures of a labeling project as JSON; null when there is none.';

create function labeling.assignment_json(organization uuid, assignment uuid) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object(
      'id', a.id, 'task_id', a.task_id, 'text', datasets.text_of(i.input, i.input_json), 'lease_expires_at', a.lease_expires_at,
      'rejection', case a.status when 'rejected' then (
        select json_build_object('label_id', l.id, 'label', c.name, 'reason', r.reason)
        from labeling.labels l
        join labeling.choices c on c.organization_id = l.organization_id and c.id = l.choice_id
        join labeling.reviews r on r.organization_id = l.organization_id and r.label_id = l.id and r.revision = l.revision
        where l.organization_id = a.organization_id and l.assignment_id = a.id) end)
    from labeling.assignments a
    join labeling.tasks t on t.organization_id = a.organization_id and t.id = a.task_id
    join datasets.dataset_items i on i.organization_id = t.organization_id and i.id = t.item_id
    where a.organization_id = organization and a.id = assignment;
  end;
comment on function labeling.assignment_json(uuid, uuid) is 'An assignment with its text, and why its label came back if it did.';

-- Taking texts. A slot is found and locked first, and changed after: whoever must lock two tasks can do so in order.

create function labeling.lease_end() returns timestamptz
  language sql stable set search_path = ''
  return now() + interval '10 minutes';
comment on function labeling.lease_end() is 'Until when a text that is taken now is held.';

create function labeling.find_slot(project uuid, person uuid, but uuid default null) returns uuid
  language plpgsql set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  slot_id uuid;
begin
  -- What came back first, then what the person still holds.
  select a.id into slot_id
    from labeling.assignments a
    where a.organization_id = organization and a.user_id = person and a.project_id = project
      and a.status in ('rejected', 'held') and a.id is distinct from but
    order by a.status = 'held', a.slot, a.position
    limit 1 for no key update skip locked;
  if not found then
    -- The task's people are read as an array, so that no plan compares the queue with all that the person has ever labeled.
    select a.id into slot_id
      from labeling.assignments a
      where a.organization_id = organization and a.project_id = project
        and a.status in ('open', 'held') and (a.status = 'open' or a.lease_expires_at <= now())
        and array_position(array(
          select other.user_id from labeling.assignments other
          where other.organization_id = a.organization_id and other.task_id = a.task_id), person) is null
      order by a.slot, a.position
      limit 1 for no key update skip locked;
  end if;
  return slot_id;
end
$$;
comment on function labeling.find_slot(uuid, uuid, uuid) is 'Locks the next slot for a person and returns its id, or null when there is nothing for them to label now.';

create function labeling.hold_slot(slot_id uuid, person uuid) returns json
  language plpgsql set search_path = '' as $$
begin
  update labeling.assignments a
    set user_id = person, status = case a.status when 'rejected' then 'rejected' else 'held' end, lease_expires_at = labeling.lease_end()
    where a.organization_id = kernel.organization_id() and a.id = slot_id;
  return labeling.assignment_json(kernel.organization_id(), slot_id);
end
$$;
comment on function labeling.hold_slot(uuid, uuid) is 'Gives a locked slot to a person and returns the assignment; null for none.';

create function labeling.claim_next(project uuid) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := labeling.enter_labeler();
begin
  if not exists (select from labeling.configurations c where c.organization_id = kernel.organization_id() and c.project_id = project) then
    raise exception 'No such project' using errcode = 'TN010';
  end if;
  return json_build_object('assignment', labeling.hold_slot(labeling.find_slot(project, person), person));
end
$$;
comment on function labeling.claim_next(uuid) is 'Gives the person the next text of a project: one that came back first, else one that nobody holds.';

create function labeling.lock_own_slot(assignment uuid, person uuid) returns labeling.assignments
  language plpgsql set search_path = '' as $$
declare
  found_slot labeling.assignments;
begin
  select * into found_slot from labeling.assignments a
    where a.organization_id = kernel.organization_id() and a.id = assignment for no key update;
  if not found then
    raise exception 'No such assignment' using errcode = 'TN010';
  elsif found_slot.user_id is distinct from person then
    raise exception 'You no longer hold this text' using errcode = 'TN011',
      hint = 'It was given back, or its time ran out and it went to somebody else. Go on with the next one.';
  end if;
  return found_slot;
end
$$;
comment on function labeling.lock_own_slot(uuid, uuid) is 'Locks an assignment that the person has; raises when they have it no longer.';

create function labeling.renew_lease(assignment uuid) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  held constant labeling.assignments := labeling.lock_own_slot(assignment, labeling.enter_labeler());
begin
  if held.status not in ('held', 'rejected') then
    raise exception 'This text is labeled already' using errcode = 'TN011', hint = 'Go on with the next one.';
  end if;
  update labeling.assignments a set lease_expires_at = labeling.lease_end()
    where a.organization_id = held.organization_id and a.id = held.id;
  return json_build_object('lease_expires_at', labeling.lease_end());
end
$$;
comment on function labeling.renew_lease(uuid) is 'Lets the person go on holding a text, as long as nobody else has taken it.';

create function labeling.release_slot(assignment uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  held constant labeling.assignments := labeling.lock_own_slot(assignment, labeling.enter_labeler());
begin
  case held.status
    when 'held' then
      update labeling.assignments a set status = 'open', user_id = null, lease_expires_at = null
        where a.organization_id = held.organization_id and a.id = held.id;
    when 'rejected' then
      update labeling.assignments a set lease_expires_at = null where a.organization_id = held.organization_id and a.id = held.id;
    else
      raise exception 'This text is labeled already' using errcode = 'TN011', hint = 'Go on with the next one.';
  end case;
end
$$;
comment on function labeling.release_slot(uuid) is 'Gives a text back without a label; one that came back stays its labeler''s.';

-- Labeling.

create function labeling.write_label(slot labeling.assignments, choice uuid, taken_ms bigint) returns void
  language plpgsql set search_path = '' as $$
begin
  if slot.status = 'held' then
    insert into labeling.labels (organization_id, project_id, assignment_id, user_id, choice_id, lead_time_ms)
      values (slot.organization_id, slot.project_id, slot.id, slot.user_id, choice, taken_ms);
  else
    update labeling.labels l
      set choice_id = choice, status = 'submitted', revision = l.revision + 1, lead_time_ms = l.lead_time_ms + taken_ms, submitted_at = now()
      where l.organization_id = slot.organization_id and l.assignment_id = slot.id;
  end if;
  update labeling.assignments a set status = 'submitted', lease_expires_at = null
    where a.organization_id = slot.organization_id and a.id = slot.id;
end
$$;
comment on function labeling.write_label(labeling.assignments, uuid, bigint) is 'Writes what the holder of a slot says of its text.';

create function labeling.refuse_another_label(slot labeling.assignments, choice uuid) returns void
  language plpgsql stable set search_path = '' as $$
declare
  given labeling.labels;
begin
  select * into given from labeling.labels l where l.organization_id = slot.organization_id and l.assignment_id = slot.id;
  if given.choice_id is distinct from choice then
    raise exception 'This text is labeled already' using errcode = 'TN011', hint = 'Only when a reviewer sends it back can its label be changed.';
  end if;
end
$$;
comment on function labeling.refuse_another_label(labeling.assignments, uuid) is 'A label that is sent twice counts once; another label for the same text is refused.';

create function labeling.submit_label(assignment uuid, label text, taken_ms bigint) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := labeling.enter_labeler();
  slot constant labeling.assignments := labeling.lock_own_slot(assignment, person);
  choice constant uuid := (
    select c.id from labeling.choices c
    where c.organization_id = slot.organization_id and c.project_id = slot.project_id and c.name = label);
  -- What was sent back counts as taken up again only once it was claimed: a late repetition must not submit it.
  is_held constant boolean := slot.status in ('held', 'rejected') and slot.lease_expires_at is not null;
  taken_max constant bigint := 24 * 60 * 60 * 1000;
  next_id uuid;
begin
  if taken_ms is null or taken_ms not between 0 and taken_max then
    raise exception 'The time that a label took is between nothing and a day' using errcode = 'TN012', hint = 'Send it in milliseconds.';
  elsif choice is null then
    raise exception '"%" is not in the label set', label using errcode = 'TN012', hint = 'The set may have changed: reload the project.';
  end if;
  next_id := labeling.find_slot(slot.project_id, person, case when is_held then slot.id end);
  if is_held then
    perform from labeling.tasks t join labeling.assignments a on a.organization_id = t.organization_id and a.task_id = t.id
      where t.organization_id = slot.organization_id and a.id in (slot.id, next_id)
      order by t.id for no key update of t;
    perform labeling.write_label(slot, choice, taken_ms);
  else
    perform labeling.refuse_another_label(slot, choice);
  end if;
  return json_build_object('next', labeling.hold_slot(next_id, person));
end
$$;
comment on function labeling.submit_label(uuid, text, bigint) is 'Labels a text that the person holds, and gives them the next one of its project.';

-- Reviewing.

create function labeling.review_label(label uuid, decision text, reason text) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  judged labeling.labels;
begin
  perform labeling.require_permission('labeling.review.write');
  perform from labeling.assignments a
    join labeling.labels l on l.organization_id = a.organization_id and l.assignment_id = a.id
    where l.organization_id = organization and l.id = label for no key update of a;
  select * into judged from labeling.labels l where l.organization_id = organization and l.id = label;
  if not found then
    raise exception 'No such label' using errcode = 'TN010';
  elsif judged.user_id = kernel.user_id() then
    raise exception 'This label is your own' using errcode = 'TN003', hint = 'Somebody else has to review it.';
  elsif judged.status <> 'submitted' then
    raise exception 'This label is % already', judged.status using errcode = 'TN011', hint = 'Go on with the next one.';
  end if;

  insert into labeling.reviews (organization_id, label_id, revision, labeler_id, reviewer_id, decision, reason)
    values (organization, judged.id, judged.revision, judged.user_id, kernel.user_id(), review_label.decision, review_label.reason);
  update labeling.labels l
    set status = review_label.decision, decision = review_label.decision, rework = l.rework + (review_label.decision = 'rejected')::integer
    where l.organization_id = organization and l.id = judged.id;
  update labeling.assignments a set status = review_label.decision
    where a.organization_id = organization and a.id = judged.assignment_id;
  return json_build_object('status', review_label.decision);
end
$$;
comment on function labeling.review_label(uuid, text, text) is 'Approves or rejects a submitted label of somebody else.';

call kernel.run_as_definer('labeling.list_projects');
call kernel.run_as_definer('labeling.read_project');
call kernel.run_as_definer('labeling.read_figures');
call kernel.run_as_definer('labeling.claim_next');
call kernel.run_as_definer('labeling.renew_lease');
call kernel.run_as_definer('labeling.release_slot');
call kernel.run_as_definer('labeling.submit_label');
call kernel.run_as_definer('labeling.review_label');
grant execute on function labeling.require_permission, labeling.sees_project, labeling.enter_labeler, labeling.figures_json, labeling.project_json,
  labeling.assignment_json, labeling.lease_end, labeling.find_slot, labeling.hold_slot, labeling.lock_own_slot,
  labeling.write_label, labeling.refuse_another_label to tenon_definer;
grant execute on function labeling.list_projects, labeling.read_project, labeling.read_figures, labeling.claim_next,
  labeling.renew_lease, labeling.release_slot, labeling.submit_label to tenon_member, tenon_own;
grant execute on function labeling.list_projects, labeling.read_project, labeling.read_figures to tenon_client;
grant execute on function labeling.review_label to tenon_member;
