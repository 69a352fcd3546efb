-- What the process that writes a reply tells of it. The reply's row is its permit: when it is gone, nothing of the reply is taken any more.

create function assistant.writing(organization uuid, message uuid) returns assistant.replies
  language plpgsql set search_path = '' as $$
declare
  r assistant.replies;
begin
  select * into r from assistant.replies x where x.organization_id = organization and x.message_id = message for update;
  -- What is written is written for the member whose conversation it is.
  perform set_config('tenon.user_id', c.user_id::text, true), set_config('tenon.request', '{"actor": "user", "operation": "assistant.own_conversation.send"}', true)
    from assistant.messages m join assistant.conversations c on c.organization_id = m.organization_id and c.id = m.conversation_id
    where m.organization_id = organization and m.id = message;
  return r;
end
$$;
comment on function assistant.writing is 'Locks a reply that is being written, for its member; a row of nulls where it is not any more.';

create function assistant.provider_of_reply(organization uuid, message uuid, out protocol text, out base_url text, out called text, out provider text, out sealed bytea)
  language sql stable security definer set search_path = ''
  begin atomic
    select p.protocol, p.base_url, x.called, p.name, k.sealed
    from assistant.replies r
    join assistant.messages m on m.organization_id = r.organization_id and m.id = r.message_id
    join assistant.present_models() x on x.name = m.model
    join assistant.providers p on p.organization_id = r.organization_id and p.name = x.provider
    left join assistant.provider_keys k on k.organization_id = p.organization_id and k.provider = p.name
    where r.organization_id = organization and r.message_id = message;
  end;
comment on function assistant.provider_of_reply is 'Who is asked for a reply that has begun, and by which key, sealed.';

create function assistant.record_tokens(
  organization uuid, key text, model text, member uuid, subject uuid, input_tokens bigint, output_tokens bigint, cost bigint
) returns void
  language sql set search_path = ''
  begin atomic
    select credits.record_usage(organization, jsonb_build_array(jsonb_build_object('key', key, 'event', 'ai_call', 'resource', 'ai_tokens', 'name', model,
      'amount', input_tokens + output_tokens, 'credits', cost, 'user_id', member, 'subject', subject,
      'data', jsonb_build_object('input_tokens', input_tokens, 'output_tokens', output_tokens))));
  end;
comment on function assistant.record_tokens is 'Writes down what a model read and wrote, for whom and for what: a message or a task.';

create function assistant.settle_step(organization uuid, message uuid, input_tokens bigint, output_tokens bigint) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  r constant assistant.replies := assistant.writing(organization, message);
  taken constant bigint := input_tokens + output_tokens;
  actual constant bigint := assistant.price_of(input_tokens, output_tokens, r.input_price, r.output_price);
  told record;
begin
  if r.hold_id is null then
    return false;
  elsif taken = 0 then
    perform credits.release_hold(organization, r.hold_id);
  else
    perform credits.settle_hold(organization, r.hold_id, actual, 'A reply of the assistant');
    select m.model, c.user_id into told from assistant.messages m
      join assistant.conversations c on c.organization_id = m.organization_id and c.id = m.conversation_id where m.organization_id = organization and m.id = message;
    perform assistant.record_tokens(organization, 'reply:' || message || ':' || r.step, told.model, told.user_id, message, input_tokens, output_tokens, actual);
  end if;
  update assistant.replies x set hold_id = null, tokens = x.tokens + taken, cost = x.cost + actual
    where x.organization_id = organization and x.message_id = message;
  return true;
end
$$;
comment on function assistant.settle_step is 'Charges what a step of a reply took, or releases what was set aside where it took nothing.';

create function assistant.reserve_step(organization uuid, message uuid, input_tokens bigint, expires_at timestamptz) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  r constant assistant.replies := assistant.writing(organization, message);
  member constant uuid := kernel.user_id();
  step_key constant text := 'reply:' || message || ':' || r.step + 1;
  refusal text;
begin
  if r.message_id is null then
    return 'gone';
  end if;
  refusal := credits.try_reserve(organization, null, assistant.price_of(input_tokens, r.output_tokens, r.input_price, r.output_price),
    step_key, null, null, member, null, expires_at);
  if refusal is null then
    update assistant.replies x set step = x.step + 1, hold_id = credits.hold_under(organization, step_key)
      where x.organization_id = organization and x.message_id = message;
  end if;
  return refusal;
end
$$;
comment on function assistant.reserve_step is 'Sets aside what the next step of a reply may cost; answers why not, or null.';

create function assistant.hear_reply(organization uuid, message uuid, until timestamptz) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  r assistant.replies;
begin
  update assistant.replies x set heard_at = now() where x.organization_id = organization and x.message_id = message returning * into r;
  if not found then
    return 'gone';
  end if;
  perform credits.extend_holds(array[organization], array[r.hold_id], until) where r.hold_id is not null;
  return case when r.is_stopping then 'stopping' else 'writing' end;
end
$$;
comment on function assistant.hear_reply is 'Says that a reply is still being written, and keeps what is set aside for it; answers whether it is to go on.';

create function assistant.note_tool_call(organization uuid, message uuid, tool text, input jsonb, output jsonb, error text) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  r constant assistant.replies := assistant.writing(organization, message);
  t assistant.tool_calls;
begin
  if r.message_id is null then
    return null;
  end if;
  insert into assistant.tool_calls (organization_id, message_id, tool, input, output, error, status)
    values (organization, message, tool, input, output, error, case when error is null then 'succeeded' else 'failed' end) returning * into t;
  return json_build_object('id', t.id, 'tool', t.tool, 'input', t.input, 'status', t.status, 'error', t.error);
end
$$;
comment on function assistant.note_tool_call is 'Writes down what a model did with a tool, and what came of it.';

create function assistant.end_reply(organization uuid, message uuid, content text, status text, error text) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  r constant assistant.replies := assistant.writing(organization, message);
  m assistant.messages;
begin
  if r.message_id is null then
    return null;
  elsif r.hold_id is not null then
    perform credits.release_hold(organization, r.hold_id);
  end if;
  delete from assistant.replies x where x.organization_id = organization and x.message_id = message;
  update assistant.messages x set content = end_reply.content, status = end_reply.status, error = end_reply.error, usage_tokens = r.tokens, cost = r.cost
    where x.organization_id = organization and x.id = message returning * into m;
  return assistant.show_message(m);
end
$$;
comment on function assistant.end_reply is 'Writes a reply down as it has become; null where somebody gave it up before.';

-- A process that is gone leaves its replies behind; what was set aside for them is freed by itself.
create function assistant.end_lost_replies(unheard interval, batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  lost record;
  ended integer := 0;
begin
  for lost in
    select r.organization_id, r.message_id from assistant.replies r where r.heard_at < now() - unheard
    order by r.organization_id, r.message_id limit batch for update skip locked
  loop
    perform assistant.end_reply(lost.organization_id, lost.message_id, '', 'failed', 'The server that wrote this reply stopped before its end.');
    ended := ended + 1;
  end loop;
  return ended;
end
$$;
comment on function assistant.end_lost_replies is 'Ends the replies of which nothing was heard for so long; returns how many.';

-- Tasks that have a text written: the model is chosen when the task is made, and asked by the worker that has claimed it.

create function assistant.choose_model(model text, input_tokens bigint, output_tokens bigint) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  m assistant.models;
begin
  select * into m from assistant.connected_models(organization) x where x.name = coalesce(choose_model.model, x.name) limit 1;
  if not found and model is not null then
    raise exception 'There is no such model here' using errcode = 'TN012', hint = 'Choose another one.';
  elsif not found then
    raise exception 'No model is connected' using errcode = 'TN011', hint = 'An administrator connects one under Assistant, Providers and tools.';
  end if;
  perform credits.check_limit(organization, 'ai_tokens', input_tokens + output_tokens);
  return json_build_object('name', m.name, 'provider', m.provider, 'cost', assistant.price_of(input_tokens, output_tokens, m.input_price, m.output_price));
end
$$;
comment on function assistant.choose_model is 'The model that writes a text in the organization that was entered, this one or the first, and what so many tokens cost now.';

create function assistant.model_for_task(
  model text, out name text, out version integer, out label text, out called text, out provider text, out protocol text, out base_url text, out sealed bytea,
  out output_tokens integer
) returns setof record
  language sql stable security definer set search_path = ''
  begin atomic
    select m.name, m.version, m.label, m.called, p.name, p.protocol, p.base_url, k.sealed, m.output_tokens
    from assistant.connected_models(kernel.organization_id()) m
    join assistant.providers p on p.organization_id = kernel.organization_id() and p.name = m.provider
    left join assistant.provider_keys k on k.organization_id = p.organization_id and k.provider = p.name
    where m.name = model;
  end;
comment on function assistant.model_for_task is 'A model of the organization that was entered, who runs it, and by which key it is asked, sealed.';

create function assistant.note_tokens(task uuid, model text, version integer, input_tokens bigint, output_tokens bigint) returns bigint
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  cost bigint;
begin
  select assistant.price_of(note_tokens.input_tokens, note_tokens.output_tokens, m.input_price, m.output_price) into strict cost
    from assistant.models m where m.name = note_tokens.model and m.version = note_tokens.version;
  perform assistant.record_tokens(organization, 'task:' || task || ':' || kernel.uuid_v7(), model, kernel.user_id(), task, input_tokens, output_tokens, cost);
  return cost;
end
$$;
comment on function assistant.note_tokens is 'Writes down what a model read and wrote for a task, and answers what that costs.';

call kernel.run_as_definer('assistant.provider_of_reply');
call kernel.run_as_definer('assistant.settle_step');
call kernel.run_as_definer('assistant.reserve_step');
call kernel.run_as_definer('assistant.hear_reply');
call kernel.run_as_definer('assistant.note_tool_call');
call kernel.run_as_definer('assistant.end_reply');
call kernel.run_as_definer('assistant.end_lost_replies');
grant execute on function assistant.writing, assistant.record_tokens to tenon_definer;
grant execute on function assistant.provider_of_reply, assistant.settle_step, assistant.reserve_step, assistant.hear_reply, assistant.note_tool_call,
  assistant.end_reply, assistant.end_lost_replies to tenon_dispatcher;

call kernel.run_as_definer('assistant.choose_model');
call kernel.run_as_definer('assistant.model_for_task');
call kernel.run_as_definer('assistant.note_tokens');
grant execute on function assistant.choose_model to tenon_member, tenon_own;
grant execute on function assistant.model_for_task, assistant.note_tokens to tenon_worker;
