-- The assistant: conversations with models, and the tools that models may use.

call kernel.module_schema('assistant');

create table assistant.models (
  name text not null check (name ~ '^[a-z0-9][a-z0-9._-]*$' and length(name) <= 100),
  version integer not null default 1 check (version > 0),
  provider text not null check (length(provider) between 1 and 100),
  label text not null check (length(label) between 1 and 200),
  input_price bigint not null check (input_price >= 0),
  output_price bigint not null check (output_price >= 0),
  context_tokens integer not null check (context_tokens > 0),
  valid_from timestamptz not null default now(),
  is_active boolean not null default true,
  primary key (name, version)
);
comment on table assistant.models is 'Models that can be asked, and what they cost; a new price is a new version. Sensitivity: low.';
comment on column assistant.models.name is 'The model.';
comment on column assistant.models.version is 'Which price it is, from 1.';
comment on column assistant.models.provider is 'Who runs it.';
comment on column assistant.models.label is 'Name as people read it.';
comment on column assistant.models.input_price is 'Price of a million tokens read, in micro-credits.';
comment on column assistant.models.output_price is 'Price of a million tokens written, in micro-credits.';
comment on column assistant.models.context_tokens is 'How many tokens it can have before it.';
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
comment on index assistant.messages_organization_id_conversation_id_position_key is 'Reads a conversation in its order.';
create index messages_by_member on assistant.messages (organization_id, user_id);
comment on index assistant.messages_by_member is 'What a member said.';
call kernel.tenant_table('assistant.messages', audit => 'keys', access => 'read');

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
call organizations.add_permission('assistant.conversation.manage', 'See everybody''s conversations, and choose the assistant''s tools', '{admin}');
