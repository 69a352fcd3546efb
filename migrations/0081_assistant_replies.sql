-- The assistant: who may be asked, and how a reply comes to be. A member's request begins it; from then on the process that writes it tells
-- of it as the dispatcher, for it goes on when the member has gone.

-- Providers.

create function assistant.connect_provider(name text, protocol text, base_url text, sealed bytea) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  providers_max constant integer := 20;
  organization constant uuid := kernel.organization_id();
begin
  call kernel.require_permission('assistant.conversation.manage');
  perform from organizations.organizations o where o.id = organization for no key update;
  -- A key is for whom it was given: it is not sent to another address.
  delete from assistant.provider_keys k using assistant.providers p
    where k.organization_id = organization and k.provider = connect_provider.name and p.organization_id = organization and p.name = connect_provider.name
      and (p.protocol, p.base_url) is distinct from (connect_provider.protocol, connect_provider.base_url);
  insert into assistant.providers as p (organization_id, name, protocol, base_url) values (organization, name, protocol, base_url)
    on conflict on constraint providers_pkey do update set protocol = excluded.protocol, base_url = excluded.base_url;
  if sealed is not null then
    insert into assistant.provider_keys as k (organization_id, provider, sealed) values (organization, name, sealed)
      on conflict on constraint provider_keys_pkey do update set sealed = excluded.sealed;
  end if;
  update assistant.providers p set has_key = exists (select from assistant.provider_keys k where k.organization_id = organization and k.provider = p.name)
    where p.organization_id = organization and p.name = connect_provider.name;
  if (select count(*) from assistant.providers p where p.organization_id = organization) > providers_max then
    raise exception 'There are % providers already', providers_max using errcode = 'TN011', hint = 'Disconnect one first.';
  end if;
end
$$;
comment on function assistant.connect_provider is 'Connects a provider of models, or changes how; without a key the one it has stays, unless it is another address.';

create function assistant.disconnect_provider(name text) returns boolean
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('assistant.conversation.manage');
  delete from assistant.providers p where p.organization_id = kernel.organization_id() and p.name = disconnect_provider.name;
  return found;
end
$$;
comment on function assistant.disconnect_provider is 'Disconnects a provider, and forgets its key; false where there is none.';

create function assistant.list_providers() returns json
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('assistant.conversation.manage');
  return json_build_object(
    'items', coalesce((select json_agg(json_build_object('name', p.name, 'protocol', p.protocol, 'base_url', p.base_url, 'has_key', p.has_key,
        'models', coalesce((select json_agg(m.label order by m.label) from assistant.present_models() m where m.provider = p.name), '[]')) order by p.name)
      from assistant.providers p where p.organization_id = kernel.organization_id()), '[]'),
    'models', coalesce((select json_agg(json_build_object('name', m.name, 'label', m.label, 'provider', m.provider, 'input_price', m.input_price,
        'output_price', m.output_price) order by m.provider, m.label) from assistant.present_models() m), '[]'));
end
$$;
comment on function assistant.list_providers() is 'The providers of the organization that was entered, and the models that the installation lists.';

create function assistant.list_tools() returns json
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('assistant.conversation.manage');
  return json_build_object('items', coalesce((
    select json_agg(json_build_object('name', t.name, 'description', t.description, 'required_tier', t.required_tier, 'is_enabled', e.tool is not null,
      'needs_approval', coalesce(e.needs_approval, false)) order by t.name)
    from assistant.tools t left join assistant.enabled_tools e on e.organization_id = kernel.organization_id() and e.tool = t.name
    where t.is_active), '[]'));
end
$$;
comment on function assistant.list_tools() is 'The tools that there are, and which of them models may use in the organization that was entered.';

-- The price that holds now is the latest version that has begun.
create function assistant.present_models() returns setof assistant.models
  language sql stable set search_path = ''
  begin atomic
    select m.* from assistant.models m
    where m.is_active and m.version = (select max(o.version) from assistant.models o where o.name = m.name and o.valid_from <= now());
  end;
comment on function assistant.present_models() is 'The models that can be chosen, each at its present price.';

create function assistant.connected_models(organization uuid) returns setof assistant.models
  language sql stable set search_path = ''
  begin atomic
    select m.* from assistant.present_models() m join assistant.providers p on p.organization_id = organization and p.name = m.provider
    order by p.created_at, p.name, m.label, m.name;
  end;
comment on function assistant.connected_models(uuid) is 'The models that an organization can ask; the first is asked where nobody chose: one of the provider that was connected first.';

create function assistant.usable_tools(organization uuid) returns setof assistant.tools
  language sql stable set search_path = ''
  begin atomic
    select t.* from assistant.enabled_tools e join assistant.tools t on t.name = e.tool
    where e.organization_id = organization and t.is_active and not e.needs_approval and (t.required_tier is null or exists (
      select from billing.subscriptions s join billing.plans had on had.code = s.plan join billing.plans wanted on wanted.code = t.required_tier
      where s.organization_id = organization and s.status in ('trialing', 'active', 'past_due') and had.rank >= wanted.rank));
  end;
comment on function assistant.usable_tools is 'The tools that models may use in an organization without asking a person.';

-- Conversations, each its member's own.

create function assistant.own_conversation(conversation uuid) returns assistant.conversations
  language plpgsql stable set search_path = '' as $$
declare
  c assistant.conversations;
begin
  select * into c from assistant.conversations x
    where x.organization_id = kernel.organization_id() and x.id = conversation and x.user_id = kernel.user_id();
  if not found then
    raise exception 'No such conversation' using errcode = 'TN010';
  end if;
  return c;
end
$$;
comment on function assistant.own_conversation is 'A conversation of the member who entered; TN010 for any other.';

create function assistant.list_conversations(archived boolean, before uuid, most integer) returns json
  language sql stable security definer set search_path = ''
  begin atomic
    select json_build_object(
      'items', coalesce(json_agg(json_build_object('id', c.id, 'title', c.title, 'model', c.model, 'is_archived', c.is_archived, 'created_at', c.created_at)
        order by c.place) filter (where c.place <= most), '[]'),
      'next_cursor', case when count(*) > most then max(c.id::text) filter (where c.place = most) end) from (
      select row_number() over (order by x.created_at desc, x.id desc) as place, x.id, x.title, x.model, x.is_archived, x.created_at from assistant.conversations x
      where x.organization_id = kernel.organization_id() and x.user_id = kernel.user_id() and x.is_archived = archived
        and (before is null or (x.created_at, x.id) < (select b.created_at, b.id from assistant.conversations b
          where b.organization_id = kernel.organization_id() and b.user_id = kernel.user_id() and b.id = before))
      order by x.created_at desc, x.id desc limit most + 1) c;
  end;
comment on function assistant.list_conversations is 'The conversations of the member who entered, newest first.';

create function assistant.list_models() returns json
  language sql stable security definer set search_path = ''
  begin atomic
    select json_build_object(
      'items', coalesce((select json_agg(json_build_object('name', m.name, 'label', m.label, 'provider', m.provider) order by m.ordinality)
        from assistant.connected_models(kernel.organization_id()) with ordinality as m), '[]'),
      'tools', coalesce((select json_agg(t.name order by t.name) from assistant.usable_tools(kernel.organization_id()) t), '[]'));
  end;
comment on function assistant.list_models() is 'The models that members of the organization that was entered can ask, the one that is asked where nobody chose first, and the tools that these may use.';

create function assistant.open_conversation(title text, model text) returns json
  language sql security definer set search_path = ''
  begin atomic
    insert into assistant.conversations (organization_id, user_id, title, model) values (kernel.organization_id(), kernel.user_id(), title, model)
      returning json_build_object('id', id);
  end;
comment on function assistant.open_conversation is 'Begins a conversation of the member who entered.';

create function assistant.change_conversation(conversation uuid, title text, is_archived boolean) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform assistant.own_conversation(conversation);
  update assistant.conversations c set title = coalesce(change_conversation.title, c.title), is_archived = coalesce(change_conversation.is_archived, c.is_archived)
    where c.organization_id = kernel.organization_id() and c.id = conversation;
end
$$;
comment on function assistant.change_conversation is 'Names a conversation of the member who entered, or puts it away.';

create function assistant.read_conversation(conversation uuid, before bigint) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  messages_max constant integer := 50;
  c constant assistant.conversations := assistant.own_conversation(conversation);
begin
  return json_build_object('id', c.id, 'title', c.title, 'model', c.model, 'is_archived', c.is_archived, 'created_at', c.created_at,
    'messages', coalesce((select json_agg(assistant.show_message(m) order by m.position) from (
      select * from assistant.messages x where x.organization_id = c.organization_id and x.conversation_id = c.id and (before is null or x.position < before)
      order by x.position desc limit messages_max) m), '[]'));
end
$$;
comment on function assistant.read_conversation is 'A conversation of the member who entered, with its latest messages, or those before a place.';

create function assistant.show_message(m assistant.messages) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object('id', (m).id, 'position', (m).position, 'author', (m).author, 'content', (m).content, 'model', (m).model, 'status', (m).status,
      'error', (m).error, 'usage_tokens', (m).usage_tokens, 'cost', (m).cost, 'created_at', (m).created_at,
      'tool_calls', coalesce((select json_agg(json_build_object('id', t.id, 'tool', t.tool, 'input', t.input, 'status', t.status, 'error', t.error) order by t.id)
        from assistant.tool_calls t where t.organization_id = (m).organization_id and t.message_id = (m).id), '[]'));
  end;
comment on function assistant.show_message is 'A message as its member sees it.';

-- Replies.

create function assistant.tokens_in(text text) returns bigint
  language sql immutable parallel safe
  return (octet_length(text) + 2) / 3;
comment on function assistant.tokens_in(text) is 'How many tokens a text has, rather too many than too few.';

create function assistant.price_of(input_tokens bigint, output_tokens bigint, input_price bigint, output_price bigint) returns bigint
  language sql immutable parallel safe
  return ceil((input_tokens::numeric * input_price + output_tokens::numeric * output_price) / 1000000);
comment on function assistant.price_of is 'What tokens cost, in micro-credits.';

/*
  Begins a reply in a conversation of the member who entered: to a new message, or once more to the last one where content is null. What it may cost
  is set aside first: where that is refused (TN014, TN015), nothing is written at all. overhead is how many tokens are told beside the conversation.
*/
create function assistant.begin_reply(conversation uuid, content text, model text, overhead bigint, expires_at timestamptz) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  history_max constant integer := 60;
  organization constant uuid := kernel.organization_id();
  c constant assistant.conversations := assistant.own_conversation(conversation);
  m assistant.models;
  last_message assistant.messages;
  question assistant.messages;
  reply assistant.messages;
  history json;
  input_tokens bigint;
begin
  perform from assistant.conversations x where x.organization_id = organization and x.id = conversation for no key update;
  select * into m from assistant.connected_models(organization) x where x.name = coalesce(begin_reply.model, c.model);
  if not found then
    raise exception 'There is no such model here' using errcode = 'TN012', hint = 'Choose another one.';
  end if;
  select * into last_message from assistant.messages x where x.organization_id = organization and x.conversation_id = conversation order by x.position desc limit 1;
  if last_message.status = 'streaming' then
    raise exception 'A reply is still being written' using errcode = 'TN011', hint = 'Wait for it, or stop it.';
  elsif content is null and (last_message.id is null or last_message.author <> 'assistant' or last_message.status = 'complete') then
    raise exception 'There is nothing to be answered once more' using errcode = 'TN011', hint = 'Write a message.';
  elsif content is not null then
    insert into assistant.messages (organization_id, conversation_id, position, author, user_id, content)
      values (organization, conversation, coalesce(last_message.position, 0) + 1, 'user', kernel.user_id(), content) returning * into question;
  end if;
  -- The latest that the model can have before it.
  select json_agg(json_build_object('role', h.author, 'content', h.content) order by h.position), coalesce(sum(h.tokens), 0) into history, input_tokens from (
    select x.author, x.content, x.position, assistant.tokens_in(x.content) as tokens, sum(assistant.tokens_in(x.content)) over (order by x.position desc) as total
    from (select * from assistant.messages y where y.organization_id = organization and y.conversation_id = conversation order by y.position desc limit history_max) x
    where x.author in ('user', 'assistant') and x.content <> '' and x.status <> 'failed') h
    where h.total + overhead <= m.context_tokens - m.output_tokens;
  if history is null then
    raise exception 'This message is longer than the model can read' using errcode = 'TN012', hint = 'Shorten it, or choose another model.';
  end if;
  input_tokens := input_tokens + overhead;
  insert into assistant.messages (organization_id, conversation_id, position, author, content, model, status)
    values (organization, conversation, coalesce(question.position, last_message.position) + 1, 'assistant', '', m.name, 'streaming') returning * into reply;
  perform credits.check_limit(organization, 'ai_tokens', input_tokens + m.output_tokens);
  insert into assistant.replies (organization_id, message_id, input_price, output_price, output_tokens, hold_id)
    values (organization, reply.id, m.input_price, m.output_price, m.output_tokens, credits.reserve(organization,
      assistant.price_of(input_tokens, m.output_tokens, m.input_price, m.output_price), 'reply:' || reply.id || ':1', kernel.user_id(), expires_at));
  update assistant.conversations x set model = m.name, title = case x.title when '' then left(regexp_replace(btrim(content), '\s+', ' ', 'g'), 80) else x.title end
    where x.organization_id = organization and x.id = conversation and (x.model is distinct from m.name or x.title = '' and content is not null);
  return json_build_object('question', case when question.id is not null then assistant.show_message(question) end, 'reply', assistant.show_message(reply),
    'history', history, 'output_tokens', m.output_tokens, 'tools', coalesce((select json_agg(t.name) from assistant.usable_tools(organization) t), '[]'));
end
$$;
comment on function assistant.begin_reply is 'Begins a reply: writes the message down, and sets aside what the reply may cost.';

create function assistant.stop_reply(conversation uuid) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  stopped uuid;
begin
  perform assistant.own_conversation(conversation);
  update assistant.replies r set is_stopping = true from assistant.messages m
    where m.organization_id = kernel.organization_id() and m.conversation_id = conversation and m.status = 'streaming'
      and r.organization_id = m.organization_id and r.message_id = m.id
    returning r.message_id into stopped;
  return stopped;
end
$$;
comment on function assistant.stop_reply is 'Asks whoever writes the reply in a conversation to stop; answers which it is, or null.';

call kernel.run_as_definer('assistant.connect_provider');
call kernel.run_as_definer('assistant.disconnect_provider');
call kernel.run_as_definer('assistant.list_providers');
call kernel.run_as_definer('assistant.list_tools');
call kernel.run_as_definer('assistant.list_conversations');
call kernel.run_as_definer('assistant.list_models');
call kernel.run_as_definer('assistant.open_conversation');
call kernel.run_as_definer('assistant.change_conversation');
call kernel.run_as_definer('assistant.read_conversation');
call kernel.run_as_definer('assistant.begin_reply');
call kernel.run_as_definer('assistant.stop_reply');
grant execute on function assistant.present_models, assistant.connected_models, assistant.usable_tools, assistant.own_conversation, assistant.show_message, assistant.tokens_in,
  assistant.price_of to tenon_definer;
grant execute on function assistant.connect_provider, assistant.disconnect_provider, assistant.list_providers, assistant.list_tools to tenon_member;
grant execute on function assistant.list_conversations, assistant.list_models, assistant.open_conversation, assistant.change_conversation,
  assistant.read_conversation, assistant.begin_reply, assistant.stop_reply to tenon_member, tenon_own;
