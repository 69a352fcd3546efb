-- Credits: what an organization may spend, what is set aside for work under way, and the books of it. Amounts are micro-credits:
-- 1,000,000 make one credit. Nothing here is written by hand; the verbs of the ledger write it all.

call kernel.module_schema('credits');

create table credits.accounts (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null default 'main' check (length(btrim(name)) between 1 and 100),
  overdraft_limit bigint not null default 0 check (overdraft_limit >= 0),
  monthly_limit bigint not null default 1000000000 check (monthly_limit > 0),
  member_daily_limit bigint check (member_daily_limit >= 0),
  low_balance bigint not null default 10000000 check (low_balance >= 0),
  status text not null default 'active' check (status in ('active', 'frozen', 'closed')),
  primary key (organization_id, id),
  unique (organization_id, name)
);
comment on table credits.accounts is 'An account of credits, and what people set of it. Sensitivity: high.';
comment on column credits.accounts.name is 'Name of the account; every organization has main.';
comment on column credits.accounts.overdraft_limit is 'How far below zero it may go, in micro-credits.';
comment on column credits.accounts.monthly_limit is 'The most that may be spent in a month, in micro-credits.';
comment on column credits.accounts.member_daily_limit is 'The most that a member may spend in a day (UTC), in micro-credits, unless they have a limit of their own.';
comment on column credits.accounts.low_balance is 'People are told when less than this is free, in micro-credits; 0 for never.';
comment on column credits.accounts.status is 'A frozen account pays nothing; a closed one is over.';
comment on index credits.accounts_organization_id_name_key is 'Finds an account by name.';
call kernel.tenant_table('credits.accounts', access => 'read');
call kernel.state_order('credits.accounts', 'An account', '{"active": ["frozen", "closed"], "frozen": ["active", "closed"], "closed": []}');

-- What every piece of work changes stands apart, so that it makes nobody's edit stale, and with as few checks as hold it: PostgreSQL
-- prepares each of them anew for every statement. What people set stands here once more, kept by trigger: one row says yes or no.
create table credits.balances (
  organization_id uuid not null,
  account_id uuid not null,
  posted bigint not null default 0,
  held bigint not null default 0,
  overdraft_limit bigint not null,
  monthly_limit bigint not null,
  used_this_month bigint not null default 0,
  month_ends_at timestamptz not null default ((date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC'),
  low_balance bigint not null,
  is_active boolean not null,
  is_capped boolean not null,
  primary key (organization_id, account_id),
  foreign key (organization_id, account_id) references credits.accounts on delete cascade,
  check (held between 0 and posted + overdraft_limit)
) with (fillfactor = 50);
comment on table credits.balances is 'What is on an account. Its check is what says no: nothing is spent that is not there. Sensitivity: high.';
comment on column credits.balances.account_id is 'The account.';
comment on column credits.balances.posted is 'What is on the account, in micro-credits: the sum of its ledger entries. Below zero by as much as the overdraft allows.';
comment on column credits.balances.held is 'What is set aside for work under way, in micro-credits: the sum of its active holds.';
comment on column credits.balances.overdraft_limit is 'How far below zero it may go, in micro-credits; kept by trigger.';
comment on column credits.balances.monthly_limit is 'The most that may be spent in a month, in micro-credits; kept by trigger.';
comment on column credits.balances.used_this_month is 'What was spent in the month, in micro-credits.';
comment on column credits.balances.month_ends_at is 'The end of the month (UTC) that used_this_month counts.';
comment on column credits.balances.low_balance is 'People are told when less than this is free, in micro-credits; kept by trigger.';
comment on column credits.balances.is_active is 'Whether the account pays; kept by trigger.';
comment on column credits.balances.is_capped is 'Whether anybody''s spending on it is limited, and so counted; kept by trigger, and by the first cap of a tree.';
call kernel.tenant_table('credits.balances', audit => 'none', access => 'read', versions => false);

create function credits.copy_limits() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into credits.balances as b (organization_id, account_id, overdraft_limit, monthly_limit, low_balance, is_active, is_capped)
    values (new.organization_id, new.id, new.overdraft_limit, new.monthly_limit, new.low_balance, new.status = 'active', new.member_daily_limit is not null)
    on conflict (organization_id, account_id) do update set overdraft_limit = excluded.overdraft_limit, monthly_limit = excluded.monthly_limit,
      low_balance = excluded.low_balance, is_active = excluded.is_active, is_capped = b.is_capped or excluded.is_capped;
  return null;
end
$$;
comment on function credits.copy_limits() is 'Gives an account its balance, and keeps there what people set.';
call kernel.run_as_definer('credits.copy_limits');
create trigger copy_limits after insert or update on credits.accounts for each row execute function credits.copy_limits();

create table credits.member_limits (
  organization_id uuid not null,
  account_id uuid not null,
  user_id uuid not null,
  daily_limit bigint not null check (daily_limit >= 0),
  primary key (organization_id, account_id, user_id),
  foreign key (organization_id, account_id) references credits.accounts on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete cascade
);
comment on table credits.member_limits is 'Members who may spend more or less in a day than the others. Sensitivity: medium.';
comment on column credits.member_limits.account_id is 'The account.';
comment on column credits.member_limits.user_id is 'The member.';
comment on column credits.member_limits.daily_limit is 'The most that the member may spend in a day (UTC), in micro-credits.';
create index member_limits_by_member on credits.member_limits (organization_id, user_id);
comment on index credits.member_limits_by_member is 'The limits of a member.';
call kernel.tenant_table('credits.member_limits', access => 'read');

create function credits.cap_account() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update credits.balances b set is_capped = true where b.organization_id = new.organization_id and b.account_id = new.account_id;
  return null;
end
$$;
comment on function credits.cap_account() is 'Has spending on an account counted from the first limit of a member on.';
call kernel.run_as_definer('credits.cap_account');
create trigger cap_account after insert on credits.member_limits for each row execute function credits.cap_account();

create table credits.lots (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  account_id uuid not null,
  source text not null check (source in ('welcome', 'plan', 'purchase', 'promotion', 'refund', 'transfer', 'adjustment')),
  granted bigint not null check (granted > 0),
  remaining bigint not null check (remaining between 0 and granted),
  priority smallint not null default 50 check (priority between 0 and 100),
  expires_at timestamptz,
  note text not null default '' check (length(note) <= 500),
  primary key (organization_id, id),
  foreign key (organization_id, account_id) references credits.accounts on delete cascade
);
comment on table credits.lots is 'Credits that came together: burned by priority, then by what expires first, then by age. Sensitivity: high.';
comment on column credits.lots.account_id is 'The account.';
comment on column credits.lots.source is 'Where they came from.';
comment on column credits.lots.granted is 'How many came, in micro-credits.';
comment on column credits.lots.remaining is 'How many are left, in micro-credits.';
comment on column credits.lots.priority is 'The lower, the sooner it is burned.';
comment on column credits.lots.expires_at is 'When what is left is void.';
comment on column credits.lots.note is 'Why they were given.';
create index lots_to_burn on credits.lots (organization_id, account_id, priority, expires_at, id) where remaining > 0;
comment on index credits.lots_to_burn is 'What is burned next.';
create index lots_by_account on credits.lots (organization_id, account_id, id);
comment on index credits.lots_by_account is 'What came to an account.';
create index lots_by_expiry on credits.lots (organization_id, expires_at) where remaining > 0 and expires_at is not null;
comment on index credits.lots_by_expiry is 'What expires next.';
call kernel.tenant_table('credits.lots', audit => 'none', access => 'read');

create function credits.origin() returns jsonb
  language sql stable parallel safe
  return kernel.request() - '{address,agent}'::text[];
comment on function credits.origin() is 'Under what something is done to a hold: actor, operation, request_id, and whose key or place was used.';
grant execute on function credits.origin() to tenon_definer;

-- Neither the account nor the member is a foreign key: every reservation would lock both, and leave traces on their rows. Accounts and
-- members are never deleted while their organization lives, and the verbs name no others.
create table credits.holds (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  account_id uuid not null,
  created_at timestamptz not null default now(),
  amount bigint not null,
  settled bigint,
  uncollected bigint not null default 0,
  refunded bigint not null default 0,
  status text not null default 'active',
  operation_key text collate "C" not null,
  task_id uuid,
  tree_id uuid,
  user_id uuid,
  expires_at timestamptz not null,
  closed_at timestamptz,
  opened_under jsonb not null default credits.origin() check (pg_column_size(opened_under) <= 1024),
  closed_under jsonb,
  primary key (organization_id, id),
  unique (organization_id, operation_key)
);
comment on table credits.holds is 'Credits set aside for a piece of work before it begins. Sensitivity: medium.';
comment on column credits.holds.account_id is 'The account.';
comment on column credits.holds.created_at is 'When it was made.';
comment on column credits.holds.amount is 'What is set aside, in micro-credits.';
comment on column credits.holds.settled is 'What the work cost in the end, in micro-credits.';
comment on column credits.holds.uncollected is 'What it cost beyond what the account could pay, in micro-credits.';
comment on column credits.holds.refunded is 'What was given back of it since, in micro-credits.';
comment on column credits.holds.status is 'active while the work goes on; then settled, released or, when nobody came back, expired. Work that was done all the same settles an expired one.';
comment on column credits.holds.operation_key is 'Names the reservation: asked for twice, it is made once.';
comment on column credits.holds.task_id is 'The task it is for.';
comment on column credits.holds.tree_id is 'The task at the root of the tree that the task belongs to.';
comment on column credits.holds.user_id is 'The member on whose account of the day it goes.';
comment on column credits.holds.expires_at is 'When it is released unless its work is still heard of.';
comment on column credits.holds.closed_at is 'When it was settled, released or expired.';
comment on column credits.holds.opened_under is 'The request or task under which it was made, as on the record: actor, operation, request_id.';
comment on column credits.holds.closed_under is 'The request or task under which it was settled, released or expired.';
comment on index credits.holds_organization_id_operation_key_key is 'Makes a reservation once.';
call kernel.tenant_table('credits.holds', audit => 'none', access => 'read', versions => false);
-- Every index costs at every reservation. When a hold expires is in none, so that a heartbeat changes none; what a tree or a member holds is found
-- by ids, which begin with their time.
create index holds_active on credits.holds (organization_id, account_id) where status = 'active';
comment on index credits.holds_active is 'What is set aside on an account, and the few that may have expired.';

create function credits.refuse_wrong_hold() returns trigger
  language plpgsql set search_path = '' as $$
begin
  if new.status <> old.status then
    new.closed_under := credits.origin();
  end if;
  if new.status not in ('active', 'settled', 'released', 'expired') or new.amount < 0 or new.settled < 0 or new.uncollected < 0 or new.refunded < 0
    or new.uncollected + new.refunded > coalesce(new.settled, 0) or (new.settled is not null) <> (new.status = 'settled')
    or (new.closed_at is not null) <> (new.status <> 'active') or length(new.operation_key) not between 1 and 200
    or pg_column_size(new.closed_under) > 1024 then
    raise exception 'A hold is not like this' using errcode = 'check_violation', hint = 'Its amounts, its status and its end must fit together.';
  end if;
  return new;
end
$$;
comment on function credits.refuse_wrong_hold() is 'Refuses an end of a hold that does not fit together, and notes under what it came. A trigger keeps ready what checks would have to prepare for every reservation.';
create trigger refuse_wrong before update on credits.holds for each row execute function credits.refuse_wrong_hold();
call kernel.state_order('credits.holds', 'A hold', '{"active": ["settled", "released", "expired"], "settled": [], "released": [], "expired": ["settled"]}');

create table credits.ledger_entries (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  created_at timestamptz not null default now(),
  account_id uuid not null,
  kind text not null check (kind in ('grant', 'charge', 'refund', 'expiry', 'transfer', 'adjustment')),
  leg text not null check (leg in ('account', 'granted', 'revenue', 'expired', 'transfer', 'adjusted')),
  amount bigint not null check (amount <> 0),
  balance_after bigint,
  operation_key text not null check (length(operation_key) between 1 and 200),
  lot_id uuid,
  hold_id uuid,
  user_id uuid,
  note text not null default '' check (length(note) <= 500),
  primary key (organization_id, id, created_at),
  check ((balance_after is not null) = (leg = 'account'))
) partition by range (created_at);
comment on table credits.ledger_entries is 'The books: every movement twice, once on the account and once against it. Append-only. Sensitivity: high.';
comment on column credits.ledger_entries.organization_id is 'The organization whose books they are.';
comment on column credits.ledger_entries.id is 'Identifier.';
comment on column credits.ledger_entries.created_at is 'When it was posted; the partition key.';
comment on column credits.ledger_entries.account_id is 'The account.';
comment on column credits.ledger_entries.kind is 'What happened.';
comment on column credits.ledger_entries.leg is 'Which side of the movement: the account, or what stands against it.';
comment on column credits.ledger_entries.amount is 'How much, in micro-credits; the legs of an operation add up to zero.';
comment on column credits.ledger_entries.balance_after is 'What the account held after it, in micro-credits.';
comment on column credits.ledger_entries.operation_key is 'The operation; its legs share it.';
comment on column credits.ledger_entries.lot_id is 'The lot it came into or out of.';
comment on column credits.ledger_entries.hold_id is 'The hold it settles.';
comment on column credits.ledger_entries.user_id is 'The member on whose behalf.';
comment on column credits.ledger_entries.note is 'Why, in words.';
comment on index credits.ledger_entries_pkey is 'Lists the books, newest first.';
create index ledger_entries_by_account on credits.ledger_entries (organization_id, account_id, id);
comment on index credits.ledger_entries_by_account is 'The statement of an account, newest first.';
create index ledger_entries_by_operation on credits.ledger_entries (organization_id, operation_key);
comment on index credits.ledger_entries_by_operation is 'The legs of an operation.';
call kernel.append_only_table('credits.ledger_entries', 'The ledger');

create function credits.refuse_unbalanced() returns trigger
  language plpgsql set search_path = '' as $$
begin
  if exists (select from new_rows n group by n.organization_id, n.operation_key having sum(n.amount) <> 0) then
    raise exception 'The legs of an operation add up to zero' using errcode = 'check_violation', hint = 'Book all legs of an operation at once.';
  end if;
  return null;
end
$$;
comment on function credits.refuse_unbalanced() is 'Keeps the books balanced: what is booked at once adds up to zero.';
create trigger balanced after insert on credits.ledger_entries
  referencing new table as new_rows for each statement execute function credits.refuse_unbalanced();

create table credits.operations (
  organization_id uuid not null references organizations.organizations on delete cascade,
  operation_key text not null check (length(operation_key) between 1 and 200),
  kind text not null check (kind in ('grant', 'reserve', 'settle', 'release', 'refund', 'expiry', 'transfer', 'adjustment', 'usage')),
  request_hash bytea not null check (octet_length(request_hash) = 32),
  result jsonb not null check (pg_column_size(result) <= 4096),
  primary key (organization_id, operation_key)
);
comment on table credits.operations is 'Every operation on the books by its key: asked for twice, it is done once and answers the same. Holds are known by their own. Sensitivity: medium.';
comment on column credits.operations.operation_key is 'The key that the caller chose.';
comment on column credits.operations.kind is 'What was asked for.';
comment on column credits.operations.request_hash is 'SHA-256 of what was asked: the same key for something else is refused.';
comment on column credits.operations.result is 'What was answered.';
call kernel.tenant_table('credits.operations', access => 'none', unrecorded => '{request_hash}');
create index operations_by_time on credits.operations (organization_id, created_at);
comment on index credits.operations_by_time is 'What retention removes.';

-- Usage: what was used, idempotent by key, added up per period.

create table credits.usage_events (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  created_at timestamptz not null default now(),
  occurred_at timestamptz not null,
  event_type text not null check (event_type ~ '^[a-z][a-z0-9_]*$' and length(event_type) <= 50),
  resource_type text not null check (resource_type in ('ai_tokens', 'api_calls', 'storage', 'seats', 'exports', 'labels', 'tasks')),
  resource_name text not null default '' check (length(resource_name) <= 200),
  amount bigint not null check (amount >= 0),
  credits_consumed bigint not null default 0 check (credits_consumed >= 0),
  user_id uuid,
  subject text not null default '' check (length(subject) <= 200),
  operation_key text not null check (length(operation_key) between 1 and 200),
  data jsonb not null default '{}' check (pg_column_size(data) <= 8192),
  primary key (organization_id, id, created_at)
) partition by range (created_at);
comment on table credits.usage_events is 'What an organization used, event by event. Append-only. Sensitivity: medium.';
comment on column credits.usage_events.organization_id is 'The organization that used it.';
comment on column credits.usage_events.id is 'Identifier.';
comment on column credits.usage_events.created_at is 'When it was written down; the partition key.';
comment on column credits.usage_events.occurred_at is 'When it was used.';
comment on column credits.usage_events.event_type is 'What happened, such as ai_call, pdf_export or session_create.';
comment on column credits.usage_events.resource_type is 'What was used.';
comment on column credits.usage_events.resource_name is 'Which one of it, such as a model.';
comment on column credits.usage_events.amount is 'How much, in the resource''s own unit.';
comment on column credits.usage_events.credits_consumed is 'What it cost, in micro-credits.';
comment on column credits.usage_events.user_id is 'The member who used it.';
comment on column credits.usage_events.subject is 'What it was used for, such as a task''s id.';
comment on column credits.usage_events.operation_key is 'Names the event: told twice, it counts once.';
comment on column credits.usage_events.data is 'What else is known of it.';
comment on index credits.usage_events_pkey is 'Lists what was used, newest first.';
create index usage_events_by_resource on credits.usage_events (organization_id, resource_type, occurred_at);
comment on index credits.usage_events_by_resource is 'What was used of a resource in a time.';
create index usage_events_by_member on credits.usage_events (organization_id, user_id, occurred_at);
comment on index credits.usage_events_by_member is 'What a member used.';
call kernel.append_only_table('credits.usage_events', 'Usage', months_kept => 25);

-- How amounts of a resource add up over a period: sums, the highest, or the last.
create table credits.resources (
  resource_type text primary key check (resource_type in ('ai_tokens', 'api_calls', 'storage', 'seats', 'exports', 'labels', 'tasks')),
  unit text not null,
  aggregation text not null check (aggregation in ('sum', 'max', 'last')),
  description text not null
);
comment on table credits.resources is 'What can be used and counted. Sensitivity: low.';
comment on column credits.resources.resource_type is 'The resource.';
comment on column credits.resources.unit is 'What one of it is.';
comment on column credits.resources.aggregation is 'How the amounts of a period become one.';
comment on column credits.resources.description is 'What it is.';
comment on index credits.resources_pkey is 'Finds a resource.';
call kernel.global_table('credits.resources', 'select');
insert into credits.resources values
  ('ai_tokens', 'token', 'sum', 'Tokens that AI models read and wrote'),
  ('api_calls', 'call', 'sum', 'Requests by API key'),
  ('storage', 'byte', 'last', 'What is stored'),
  ('seats', 'member', 'max', 'Members who may work'),
  ('exports', 'export', 'sum', 'Documents and data taken out'),
  ('labels', 'label', 'sum', 'Labels that were approved'),
  ('tasks', 'task', 'sum', 'Tasks that were carried out');

create table credits.usage_periods (
  organization_id uuid not null references organizations.organizations on delete cascade,
  billing_period date not null check (extract(day from billing_period) = 1),
  resource_type text not null references credits.resources on delete restrict,
  resource_name text not null default '' check (length(resource_name) <= 200),
  member_key uuid not null default '00000000-0000-0000-0000-000000000000',
  amount bigint not null default 0 check (amount >= 0),
  credits_consumed bigint not null default 0 check (credits_consumed >= 0),
  events bigint not null default 0 check (events >= 0),
  last_occurred_at timestamptz,
  primary key (organization_id, billing_period, resource_type, resource_name, member_key)
);
comment on table credits.usage_periods is 'What was used in a month, by resource and member: kept with each event. Sensitivity: medium.';
comment on column credits.usage_periods.billing_period is 'The month, by its first day (UTC).';
comment on column credits.usage_periods.resource_type is 'The resource.';
comment on column credits.usage_periods.resource_name is 'Which one of it.';
comment on column credits.usage_periods.member_key is 'The member, or all zeros for what no member used.';
comment on column credits.usage_periods.amount is 'How much, added up as the resource says.';
comment on column credits.usage_periods.credits_consumed is 'What it cost, in micro-credits.';
comment on column credits.usage_periods.events is 'How many events it comes of.';
comment on column credits.usage_periods.last_occurred_at is 'When the latest of them was.';
create index usage_periods_by_resource on credits.usage_periods (organization_id, resource_type, billing_period);
comment on index credits.usage_periods_by_resource is 'What was used of a resource, month by month.';
call kernel.tenant_table('credits.usage_periods', audit => 'none', access => 'read');

-- What every organization begins with, however it is made: an account, and something to try the product with.
create function credits.open_account(organization uuid) returns uuid
  language plpgsql set search_path = '' as $$
declare
  welcome constant bigint := 100000000;
  account uuid;
begin
  insert into credits.accounts (organization_id) values (organization) on conflict (organization_id, name) do nothing;
  select a.id into account from credits.accounts a where a.organization_id = organization and a.name = 'main';
  perform credits.grant_credits(organization, account, 'welcome', welcome, 'welcome', 'Welcome', priority => 10);
  return account;
end
$$;
comment on function credits.open_account(uuid) is 'Opens the main account of an organization with 100 credits to begin with, once.';

create function credits.organization_made() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform credits.open_account(new.id);
  return null;
end
$$;
comment on function credits.organization_made() is 'Gives a new organization its account.';
call kernel.run_as_definer('credits.organization_made');
grant execute on function credits.open_account to tenon_definer;
create trigger open_account after insert on organizations.organizations for each row execute function credits.organization_made();

call organizations.add_permission('credits.usage.read', 'See what was used, by whom and for what', '{admin,billing_admin,task_admin}');
call organizations.add_permission('credits.account.read', 'See the credits, their lots, holds and ledger', '{admin,billing_admin}');
call organizations.add_permission('credits.account.manage', 'Buy credits and set their limits', '{billing_admin}');
