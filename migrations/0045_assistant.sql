-- The assistant: conversations with models, and the tools that models may use.

call kernel.module_schema('assistant');

create table assistant.models (
  name text not null check (name ~ '^[a-z0-9][a-z0-9._-]*$' and length(name) <= 100),
  version integer not null default 1 check (version > 0),
  provider text not null check (provider ~ '^[a-z0-9][a-z0-9._-]*$' and length(provider) <= 100),
  called text not null check (length(called) between 1 and 200),
  label text not null check (length(label) between 1 and 200),
  input_price bigint not null check (input_price >= 0),
  output_price bigint not null check (output_price >= 0),
  context_tokens integer not null check (context_tokens > 0),
  output_tokens integer not null default 4096 check (output_tokens > 0),
  valid_from timestamptz not null default now(),
  is_active boolean not null default true,
  primary key (name, version),
  check (output_tokens < context_tokens)
);
comment on table assistant.models is 'Models that can be asked, and what they cost; a new price is a new version. Sensitivity: low.';
comment on column assistant.models.name is 'The model.';
comment on column assistant.models.version is 'Which price it is, from 1.';
comment on column assistant.models.provider is 'Who runs it: the name of a provider that organizations connect.';
comment on column assistant.models.called is 'What the provider calls it.';
comment on column assistant.models.label is 'Name as people read it.';
comment on column assistant.models.input_price is 'Price of a million tokens read, in micro-credits.';
comment on column assistant.models.output_price is 'Price of a million tokens written, in micro-credits.';
comment on column assistant.models.context_tokens is 'How many tokens it can have before it.';
comment on column assistant.models.output_tokens is 'How many tokens a reply may have; so much is set aside for one.';
comment on column assistant.models.valid_from is 'From when the price holds.';
comment on column assistant.models.is_active is 'Whether it can be chosen.';
comment on index assistant.models_pkey is 'Finds a model''s price.';
call kernel.global_table('assistant.models', 'select');

create table assistant.tools (
  name text primary key check (name ~ '^[a-z][a-z0-9_]*$' and length(name) <= 100),
  description text not null check (length(description) <= 2000),
  tool_type text not null check (tool_type in ('chatbot', 'analysis', 'automation', 'integration')),
  required_tier text references billing.plans on delete restrict,
  configuration jsonb not null default '{}' check (pg_column_size(configuration) <= 16384),
  is_active boolean not null default true
);
comment on table assistant.tools is 'What a model may do here. Sensitivity: low.';
comment on column assistant.tools.name is 'The tool.';
comment on column assistant.tools.description is 'What it does, as the model is told.';
comment on column assistant.tools.tool_type is 'What kind of tool it is.';
comment on column assistant.tools.required_tier is 'The smallest plan that has it; null for every plan.';
comment on column assistant.tools.configuration is 'How it is set.';
comment on column assistant.tools.is_active is 'Whether it can be used.';
comment on index assistant.tools_pkey is 'Finds a tool.';
create index tools_by_tier on assistant.tools (required_tier);
comment on index assistant.tools_by_tier is 'The tools of a plan.';
call kernel.global_table('assistant.tools', 'select');

insert into assistant.tools (name, description, tool_type) values
  ('search_customers', 'Finds customers by name, company or e-mail address, or reads one by its id.', 'analysis'),
  ('search_projects', 'Finds projects by name, or reads one by its id.', 'analysis'),
  ('search_tasks', 'Finds tasks of projects by title, project or state, or reads one by its id.', 'analysis');

-- An organization brings its own accounts with providers, or models that run in its own network.
create table assistant.providers (
  organization_id uuid not null references organizations.organizations on delete cascade,
  name text not null check (name ~ '^[a-z0-9][a-z0-9._-]*$' and length(name) <= 100),
  protocol text not null check (protocol in ('openai_compatible', 'anthropic', 'google')),
  base_url text not null check (base_url ~ '^https?://[^\s]+$' and length(base_url) <= 2000),
  has_key boolean not null default false,
  primary key (organization_id, name)
);
comment on table assistant.providers is 'Who runs models for an organization. Sensitivity: high.';
comment on column assistant.providers.name is 'The provider, as models name it.';
comment on column assistant.providers.protocol is 'How it is spoken to.';
comment on column assistant.providers.base_url is 'Where it is asked. Where it leads to is checked at each request.';
comment on column assistant.providers.has_key is 'Whether a key is kept for it.';
call kernel.tenant_table('assistant.providers', access => 'read');

create table assistant.provider_keys (
  organization_id uuid not null,
  provider text not null,
  sealed bytea not null check (octet_length(sealed) between 93 and 4096),
  key_id text not null generated always as (encode(substr(sealed, 2, 4), 'hex')) stored references kernel.keys on delete restrict,
  primary key (organization_id, provider),
  foreign key (organization_id, provider) references assistant.providers on delete cascade
);
comment on table assistant.provider_keys is 'What an organization proves itself to a provider with. Sensitivity: critical.';
comment on column assistant.provider_keys.provider is 'The provider.';
comment on column assistant.provider_keys.sealed is 'The provider''s key, sealed; opened outside of the database only.';
comment on column assistant.provider_keys.key_id is 'The key it is sealed with, read out of the seal.';
create index provider_keys_by_key on assistant.provider_keys (organization_id, key_id);
comment on index assistant.provider_keys_by_key is 'Which keys a rotation of the installation''s key has yet to wrap anew.';
call kernel.tenant_table('assistant.provider_keys', access => 'none', secrets => '{sealed}');

create table assistant.enabled_tools (
  organization_id uuid not null references organizations.organizations on delete cascade,
  tool text not null references assistant.tools on delete cascade,
  configuration jsonb not null default '{}' check (pg_column_size(configuration) <= 16384),
  needs_approval boolean not null default true,
  primary key (organization_id, tool)
);
comment on table assistant.enabled_tools is 'Which tools an organization lets models use. Sensitivity: low.';
comment on column assistant.enabled_tools.tool is 'The tool.';
comment on column assistant.enabled_tools.configuration is 'How the organization sets it.';
comment on column assistant.enabled_tools.needs_approval is 'Whether a person says yes before each use.';
call kernel.tenant_table('assistant.enabled_tools');

create table assistant.conversations (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  user_id uuid not null,
  title text not null default '' check (length(title) <= 300),
  model text check (length(model) <= 100),
  project_id uuid,
  customer_id uuid,
  task_id uuid,
  context_type text not null generated always as (case
    when project_id is not null then 'project' when customer_id is not null then 'customer' when task_id is not null then 'task' else 'general' end) stored,
  is_shared boolean not null default false,
  is_archived boolean not null default false,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict,
  foreign key (organization_id, project_id) references projects.projects on delete cascade,
  foreign key (organization_id, customer_id) references crm.customers on delete cascade,
  foreign key (organization_id, task_id) references projects.tasks on delete cascade,
  check (num_nonnulls(project_id, customer_id, task_id) <= 1)
);
comment on table assistant.conversations is 'A conversation of a member with a model. Sensitivity: high.';
comment on column assistant.conversations.user_id is 'Whose conversation it is.';
comment on column assistant.conversations.title is 'What it is about, in a line.';
comment on column assistant.conversations.model is 'The model that answers.';
comment on column assistant.conversations.project_id is 'The project it is about.';
comment on column assistant.conversations.customer_id is 'The customer it is about.';
comment on column assistant.conversations.task_id is 'The project task it is about.';
comment on column assistant.conversations.context_type is 'What it is about.';
comment on column assistant.conversations.is_shared is 'Whether colleagues may read it.';
comment on column assistant.conversations.is_archived is 'Whether it is put away.';
call kernel.tenant_table('assistant.conversations', own => 'user_id');
create index conversations_by_member on assistant.conversations (organization_id, user_id, created_at);
comment on index assistant.conversations_by_member is 'A member''s conversations, newest first.';
create index conversations_by_project on assistant.conversations (organization_id, project_id, created_at);
comment on index assistant.conversations_by_project is 'The conversations about a project.';
create index conversations_by_customer on assistant.conversations (organization_id, customer_id, created_at);
comment on index assistant.conversations_by_customer is 'The conversations about a customer.';
create index conversations_by_task on assistant.conversations (organization_id, task_id, created_at);
comment on index assistant.conversations_by_task is 'The conversations about a project task.';

-- Whose it is stands among them too, so that one rule says what somebody may see: theirs, and what was shared with them.
create table assistant.conversation_people (
  organization_id uuid not null,
  conversation_id uuid not null,
  user_id uuid not null,
  may_write boolean not null default false,
  primary key (organization_id, conversation_id, user_id),
  foreign key (organization_id, conversation_id) references assistant.conversations on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict
);
comment on table assistant.conversation_people is 'To whom a conversation is open: to whose it is, and to those it is shared with. Sensitivity: low.';
comment on column assistant.conversation_people.conversation_id is 'The conversation.';
comment on column assistant.conversation_people.user_id is 'The member, who may be a client.';
comment on column assistant.conversation_people.may_write is 'Whether the member may work in it, and not just read it.';
comment on index assistant.conversation_people_pkey is 'To whom a conversation is open.';
create index conversation_people_by_member on assistant.conversation_people (organization_id, user_id, conversation_id);
comment on index assistant.conversation_people_by_member is 'What is open to a member.';
call kernel.tenant_table('assistant.conversation_people', access => 'read', own => 'user_id');

create function assistant.open_to_owner() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into assistant.conversation_people as p (organization_id, conversation_id, user_id, may_write) values (new.organization_id, new.id, new.user_id, true)
    on conflict (organization_id, conversation_id, user_id) do update set may_write = true where not p.may_write;
  return null;
end
$$;
comment on function assistant.open_to_owner() is 'Opens a conversation to whose it is.';
call kernel.run_as_definer('assistant.open_to_owner');
create trigger open_to_owner after insert or update of user_id on assistant.conversations for each row execute function assistant.open_to_owner();

create table assistant.messages (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  conversation_id uuid not null,
  position bigint not null check (position > 0),
  author text not null check (author in ('user', 'assistant', 'system', 'tool')),
  user_id uuid,
  content text not null check (length(content) <= 500000),
  model text check (length(model) <= 100),
  usage_tokens bigint not null default 0 check (usage_tokens >= 0),
  cost bigint not null default 0 check (cost >= 0),
  status text not null default 'complete' check (status in ('streaming', 'complete', 'stopped', 'failed')),
  error text check (length(error) <= 1000),
  primary key (organization_id, id),
  unique (organization_id, conversation_id, position),
  foreign key (organization_id, conversation_id) references assistant.conversations on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict,
  check (author <> 'user' or user_id is not null)
);
comment on table assistant.messages is 'What was said in a conversation, message by message. Sensitivity: high.';
comment on column assistant.messages.conversation_id is 'The conversation.';
comment on column assistant.messages.position is 'Its place, from 1.';
comment on column assistant.messages.author is 'Who says it.';
comment on column assistant.messages.user_id is 'The member, where a person says it.';
comment on column assistant.messages.content is 'What is said.';
comment on column assistant.messages.model is 'The model, where one says it.';
comment on column assistant.messages.usage_tokens is 'How many tokens were read and written for it.';
comment on column assistant.messages.cost is 'What it cost, in micro-credits.';
comment on column assistant.messages.status is 'Whether it was said to the end.';
comment on column assistant.messages.error is 'Why it was not, in words for people.';
comment on index assistant.messages_organization_id_conversation_id_position_key is 'Reads a conversation in its order.';
create index messages_by_member on assistant.messages (organization_id, user_id);
comment on index assistant.messages_by_member is 'What a member said.';
call kernel.tenant_table('assistant.messages', audit => 'keys', access => 'read');

-- A reply under way is heard of every few seconds by the process that writes it; its text stands in the message once, at the end.
create table assistant.replies (
  organization_id uuid not null,
  message_id uuid not null,
  input_price bigint not null check (input_price >= 0),
  output_price bigint not null check (output_price >= 0),
  output_tokens integer not null check (output_tokens > 0),
  step integer not null default 1 check (step > 0),
  hold_id uuid,
  tokens bigint not null default 0 check (tokens >= 0),
  cost bigint not null default 0 check (cost >= 0),
  is_stopping boolean not null default false,
  heard_at timestamptz not null default now(),
  primary key (organization_id, message_id),
  foreign key (organization_id, message_id) references assistant.messages on delete cascade
);
comment on table assistant.replies is 'Replies that are being written: what they may cost, and what they have cost so far. Sensitivity: low.';
comment on column assistant.replies.message_id is 'The message that is being written.';
comment on column assistant.replies.input_price is 'Price of a million tokens read, in micro-credits.';
comment on column assistant.replies.output_price is 'Price of a million tokens written, in micro-credits.';
comment on column assistant.replies.output_tokens is 'How many tokens a step may write.';
comment on column assistant.replies.step is 'Which request to the model is under way, from 1.';
comment on column assistant.replies.hold_id is 'What is set aside for it.';
comment on column assistant.replies.tokens is 'How many tokens the steps before took.';
comment on column assistant.replies.cost is 'What they cost, in micro-credits.';
comment on column assistant.replies.is_stopping is 'Whether the member wants no more of it.';
comment on column assistant.replies.heard_at is 'When the process that writes it was last heard of.';
create index replies_by_time on assistant.replies (organization_id, heard_at);
comment on index assistant.replies_by_time is 'Which replies nobody writes any more.';
call kernel.tenant_table('assistant.replies', audit => 'none', access => 'none', versions => false);

create table assistant.tool_calls (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  message_id uuid not null,
  tool text not null references assistant.tools on delete restrict,
  input jsonb not null check (pg_column_size(input) <= 65536),
  output jsonb check (pg_column_size(output) <= 262144),
  status text not null default 'waiting' check (status in ('waiting', 'approved', 'refused', 'running', 'succeeded', 'failed')),
  approved_by uuid,
  error text check (length(error) <= 5000),
  primary key (organization_id, id),
  foreign key (organization_id, message_id) references assistant.messages on delete cascade,
  foreign key (organization_id, approved_by) references organizations.memberships on delete restrict
);
comment on table assistant.tool_calls is 'What a model did, or wished to do. Sensitivity: high.';
comment on column assistant.tool_calls.message_id is 'The message in which it wished it.';
comment on column assistant.tool_calls.tool is 'With which tool.';
comment on column assistant.tool_calls.input is 'What it gave the tool.';
comment on column assistant.tool_calls.output is 'What the tool gave back.';
comment on column assistant.tool_calls.status is 'Whether it was allowed and done.';
comment on column assistant.tool_calls.approved_by is 'Who said yes or no.';
comment on column assistant.tool_calls.error is 'Why it failed.';
create index tool_calls_by_message on assistant.tool_calls (organization_id, message_id);
comment on index assistant.tool_calls_by_message is 'What a message did.';
create index tool_calls_by_member on assistant.tool_calls (organization_id, approved_by);
comment on index assistant.tool_calls_by_member is 'What a member decided.';
call kernel.tenant_table('assistant.tool_calls', access => 'read');
call kernel.state_order('assistant.tool_calls', 'A tool call',
  '{"waiting": ["approved", "refused"], "approved": ["running"], "running": ["succeeded", "failed"], "refused": [], "succeeded": [], "failed": []}');
create index tool_calls_by_tool on assistant.tool_calls (organization_id, tool, created_at);
comment on index assistant.tool_calls_by_tool is 'How a tool is used.';

call organizations.add_permission('assistant.conversation.write', 'Talk with the assistant', '{admin,task_admin,member}');
call organizations.add_permission('assistant.conversation.read', 'See conversations that are shared with oneself', '{admin,task_admin,member,viewer,client}');
call organizations.add_permission('assistant.conversation.manage', 'See everybody''s conversations, and choose the assistant''s providers and tools', '{admin}');
