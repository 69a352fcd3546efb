-- What customers pay. An approved label is priced when it is approved, in the same transaction, and stands as a charge until a bill takes it.
-- A charge names the bill that it is on: so it is on one at most. Bills that were issued never change.

alter table billing.billing_accounts add foreign key (organization_id, customer_id) references crm.customers on delete restrict;
alter table billing.invoices add foreign key (organization_id, customer_id) references crm.customers on delete restrict;

create table billing.charges (
  organization_id uuid not null,
  operation_key text not null check (length(operation_key) between 1 and 200),
  billing_account_id uuid not null,
  project_id uuid not null,
  resource_type text not null check (resource_type in ('labels')),
  quantity bigint not null default 1 check (quantity > 0),
  unit_amount bigint not null check (unit_amount >= 0),
  occurred_at timestamptz not null default now(),
  invoice_id uuid,
  primary key (organization_id, operation_key),
  foreign key (organization_id, billing_account_id) references billing.billing_accounts on delete restrict,
  foreign key (organization_id, project_id) references projects.projects on delete restrict,
  foreign key (organization_id, invoice_id) references billing.invoices on delete restrict
);
comment on table billing.charges is 'What a customer is to pay for: usage with its price, on one bill at most. Sensitivity: medium.';
comment on column billing.charges.operation_key is 'The key of the usage event that it prices.';
comment on column billing.charges.billing_account_id is 'Who pays.';
comment on column billing.charges.project_id is 'For which project.';
comment on column billing.charges.resource_type is 'What was used.';
comment on column billing.charges.quantity is 'How many.';
comment on column billing.charges.unit_amount is 'Price of one, in minor units of the account''s currency, as it was then.';
comment on column billing.charges.occurred_at is 'When it was used.';
comment on column billing.charges.invoice_id is 'The bill that it is on; null while it is on none.';
comment on index billing.charges_pkey is 'What was used is charged once.';
create index charges_to_bill on billing.charges (organization_id, billing_account_id, invoice_id, occurred_at);
comment on index billing.charges_to_bill is 'What an account is still to be billed for.';
create index charges_by_invoice on billing.charges (organization_id, invoice_id);
comment on index billing.charges_by_invoice is 'What a bill is made of.';
create index charges_by_project on billing.charges (organization_id, project_id);
comment on index billing.charges_by_project is 'What a project brings.';
call kernel.tenant_table('billing.charges', audit => 'none', access => 'read');

create function billing.refuse_change_of_charge() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  open_columns constant text[] := '{invoice_id,version,updated_at}';
begin
  if to_jsonb(new) - open_columns is distinct from to_jsonb(old) - open_columns or old.invoice_id is not null and (
    new.invoice_id is not null or exists (
      select from billing.invoices i where i.organization_id = old.organization_id and i.id = old.invoice_id and i.status not in ('draft', 'void'))) then
    raise exception 'A charge that is on an invoice stays on it' using errcode = 'TN011', hint = 'Void the invoice first.';
  end if;
  return new;
end
$$;
comment on function billing.refuse_change_of_charge() is 'A charge never changes, and leaves a bill only when that is void or was never issued.';
call kernel.run_as_definer('billing.refuse_change_of_charge');
create trigger refuse_change before update on billing.charges for each row execute function billing.refuse_change_of_charge();

create function billing.refuse_change_of_issued() returns trigger
  language plpgsql set search_path = '' as $$
declare
  -- The total is worked out after this trigger, of columns that stand.
  open_columns constant text[] := '{status,paid_amount,paid_at,provider_invoice_id,total_amount,version,updated_at}';
begin
  if old.status <> 'draft' and to_jsonb(new) - open_columns is distinct from to_jsonb(old) - open_columns then
    raise exception 'An issued invoice never changes' using errcode = 'TN011', hint = 'Void it, and make another.';
  end if;
  return new;
end
$$;
comment on function billing.refuse_change_of_issued() is 'Of a bill that was issued nothing changes but whether it is paid.';
create trigger refuse_change before update on billing.invoices for each row execute function billing.refuse_change_of_issued();

create function billing.refuse_line_of_issued() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if exists (
    select from billing.invoices i where i.organization_id = coalesce(new.organization_id, old.organization_id)
      and i.id in (new.invoice_id, old.invoice_id) and i.status <> 'draft') then
    raise exception 'An issued invoice never changes' using errcode = 'TN011', hint = 'Void it, and make another.';
  end if;
  return coalesce(new, old);
end
$$;
comment on function billing.refuse_line_of_issued() is 'A bill that was issued gets no lines and loses none.';
call kernel.run_as_definer('billing.refuse_line_of_issued');
create trigger refuse_change before insert or update or delete on billing.invoice_lines for each row execute function billing.refuse_line_of_issued();

-- Charging: asked in the transaction of the work.

create function billing.customer_account(organization uuid, customer uuid) returns uuid
  language plpgsql set search_path = '' as $$
declare
  account uuid;
begin
  select a.id into account from billing.billing_accounts a where a.organization_id = organization and a.customer_id = customer;
  if account is null then
    insert into billing.billing_accounts (organization_id, customer_id, currency)
      values (organization, customer, coalesce(
        (select own.currency from billing.billing_accounts own where own.organization_id = organization and own.customer_id is null), 'EUR'))
      on conflict (organization_id, customer_id) do nothing;
    select a.id into account from billing.billing_accounts a where a.organization_id = organization and a.customer_id = customer;
  end if;
  return account;
end
$$;
comment on function billing.customer_account(uuid, uuid) is 'The account of a customer, opened in the organization''s own currency where there is none.';

create function billing.charge(organization uuid, key text, customer uuid, project uuid, resource text, quantity bigint, unit_amount bigint) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into billing.charges (organization_id, operation_key, billing_account_id, project_id, resource_type, quantity, unit_amount)
    values (organization, key, billing.customer_account(organization, customer), project, resource, charge.quantity, charge.unit_amount)
    on conflict (organization_id, operation_key) do nothing;
end
$$;
comment on function billing.charge is 'Charges a customer for what was used, once by the usage event''s key.';
grant execute on function billing.customer_account, billing.charge to tenon_definer;

-- The row of a day's usage is shared by a whole organization, so it is locked last, as the project's figures are.
create function labeling.count_approval() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  key constant text := 'label:' || new.id;
  terms record;
begin
  perform credits.record_usage(new.organization_id, jsonb_build_array(jsonb_build_object(
    'key', key, 'event', 'label_approved', 'resource', 'labels', 'amount', 1, 'user_id', new.user_id, 'subject', new.id)));
  select p.customer_id, c.label_price into terms
    from projects.projects p join labeling.configurations c on c.organization_id = p.organization_id and c.project_id = p.id
    where p.organization_id = new.organization_id and p.id = new.project_id;
  if terms.customer_id is not null and terms.label_price is not null then
    perform billing.charge(new.organization_id, key, terms.customer_id, new.project_id, 'labels', 1, terms.label_price);
  end if;
  return null;
end
$$;
comment on function labeling.count_approval() is 'Counts an approved label as usage, and charges the project''s customer for it; once, however often that is told.';
call kernel.run_as_definer('labeling.count_approval');
create constraint trigger count_approval after update of status on labeling.labels deferrable initially deferred
  for each row when (new.status = 'approved' and old.status <> 'approved') execute function labeling.count_approval();

-- Bills.

create function billing.parties(organization uuid, account uuid) returns jsonb
  language sql stable set search_path = ''
  begin atomic
    select jsonb_build_object(
      'seller', (
        select jsonb_build_object('name', coalesce(own.billing_name, o.name), 'email', own.billing_email, 'address', coalesce(own.billing_address, '{}'), 'tax_id', own.tax_id)
        from organizations.organizations o
        left join billing.billing_accounts own on own.organization_id = o.id and own.customer_id is null
        where o.id = organization),
      'buyer', jsonb_build_object('name', coalesce(a.billing_name, c.company, c.name), 'email', coalesce(a.billing_email, c.email),
        'address', case when a.billing_address = '{}' then coalesce(c.default_address, '{}') else a.billing_address end, 'tax_id', a.tax_id))
    from billing.billing_accounts a join crm.customers c on c.organization_id = a.organization_id and c.id = a.customer_id
    where a.organization_id = organization and a.id = account;
  end;
comment on function billing.parties(uuid, uuid) is 'Who bills a customer, and whom, with what stands on a bill.';

create function billing.invoice_json(organization uuid, invoice uuid) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object(
      'id', i.id, 'number', i.number, 'status', i.status, 'customer', json_build_object('id', c.id, 'name', c.name), 'currency', i.currency,
      'period_start', i.period_start, 'period_end', i.period_end, 'subtotal_amount', i.subtotal_amount, 'tax_rate', i.tax_rate,
      'tax_amount', i.tax_amount, 'total_amount', i.total_amount, 'paid_amount', i.paid_amount, 'created_at', i.created_at, 'issued_at', i.issued_at, 'due_at', i.due_at,
      'paid_at', i.paid_at, 'parties', coalesce(i.parties, billing.parties(i.organization_id, i.billing_account_id)),
      'lines', (
        select coalesce(json_agg(json_build_object('description', l.description, 'quantity', l.quantity, 'unit_amount', l.unit_amount, 'amount', l.amount) order by l.position), '[]')
        from billing.invoice_lines l where l.organization_id = i.organization_id and l.invoice_id = i.id))
    from billing.invoices i join crm.customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    where i.organization_id = organization and i.id = invoice;
  end;
comment on function billing.invoice_json(uuid, uuid) is 'A customer''s bill as JSON; null when there is none.';

create function billing.read_invoice(invoice uuid) returns text
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('billing.account.read');
  return billing.invoice_json(kernel.organization_id(), invoice);
end
$$;
comment on function billing.read_invoice(uuid) is 'A customer''s bill as JSON; null when there is none.';

create function billing.create_invoice(customer uuid, month date, tax_rate integer) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  month_start constant timestamptz := month::timestamp at time zone 'UTC';
  month_end constant timestamptz := (month + interval '1 month') at time zone 'UTC';
  payer uuid;
  account billing.billing_accounts;
  made uuid;
  since timestamptz;
begin
  call kernel.require_permission('billing.invoice.manage');
  if not exists (select from crm.customers c where c.organization_id = organization and c.id = customer) then
    raise exception 'No such customer' using errcode = 'TN010';
  end if;
  payer := billing.customer_account(organization, customer);
  select a.* into account from billing.billing_accounts a where a.organization_id = organization and a.id = payer;
  insert into billing.invoices (organization_id, billing_account_id, customer_id, period_start, period_end, currency, tax_rate)
    values (organization, account.id, customer, month_start, month_end, account.currency, create_invoice.tax_rate) returning id into made;
  -- Whoever bills the same at the same time waits here, and finds nothing left.
  with taken as (
    update billing.charges c set invoice_id = made
      where c.organization_id = organization and c.billing_account_id = account.id and c.invoice_id is null and c.occurred_at < month_end
      returning c.occurred_at
  ) select min(t.occurred_at) into since from taken t;
  if since is null then
    raise exception 'There is nothing to bill' using errcode = 'TN011', hint = 'Everything until the end of that month is on an invoice already, or nothing was approved for a price.';
  end if;
  insert into billing.invoice_lines (organization_id, invoice_id, position, description, quantity, unit_amount, resource_type)
    select organization, made, row_number() over (order by p.name, p.id, c.unit_amount), left('Approved labels: ' || p.name, 500), sum(c.quantity), c.unit_amount, c.resource_type
    from billing.charges c join projects.projects p on p.organization_id = c.organization_id and p.id = c.project_id
    where c.organization_id = organization and c.invoice_id = made group by p.id, p.name, c.unit_amount, c.resource_type;
  update billing.invoices i set period_start = least(month_start, since), tax_amount = round(i.subtotal_amount * i.tax_rate / 10000.0)
    where i.organization_id = organization and i.id = made;
  return billing.invoice_json(organization, made);
end
$$;
comment on function billing.create_invoice is 'Drafts a bill of all that a customer is to pay for until the end of a month and that is on no other; returns it as JSON.';

create function billing.lock_invoice(invoice uuid) returns billing.invoices
  language plpgsql set search_path = '' as $$
declare
  locked billing.invoices;
begin
  call kernel.require_permission('billing.invoice.manage');
  -- What the organization itself is to pay is not its own to settle.
  select * into locked from billing.invoices i
    where i.organization_id = kernel.organization_id() and i.id = invoice and i.customer_id is not null for no key update;
  if not found then
    raise exception 'No such invoice' using errcode = 'TN010';
  end if;
  return locked;
end
$$;
comment on function billing.lock_invoice(uuid) is 'Locks a customer''s bill for who may make bills; raises for others.';

create function billing.issue_invoice(invoice uuid, due_days integer) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  draft billing.invoices;
begin
  -- One after the other, so that no number is left out or given twice.
  perform from organizations.organizations o where o.id = organization for no key update;
  draft := billing.lock_invoice(invoice);
  if draft.status <> 'draft' then
    raise exception 'This invoice is issued already' using errcode = 'TN011', hint = 'Look at it again: it has its number.';
  end if;
  update billing.invoices i set status = 'open', issued_at = now(), due_at = now() + make_interval(days => due_days),
      parties = billing.parties(organization, i.billing_account_id),
      number = 1 + coalesce((select max(issued.number) from billing.invoices issued where issued.organization_id = organization and issued.customer_id is not null), 0)
    where i.organization_id = organization and i.id = invoice;
  return billing.invoice_json(organization, invoice);
end
$$;
comment on function billing.issue_invoice(uuid, integer) is 'Gives a drafted bill the next number and what stands on it for good; returns it as JSON.';

create function billing.settle_invoice(invoice uuid, becomes text) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  settled constant billing.invoices := billing.lock_invoice(invoice);
begin
  if settled.status = 'draft' then
    raise exception 'This invoice is not issued yet' using errcode = 'TN011', hint = 'Issue it first, or discard it.';
  end if;
  update billing.invoices i set status = becomes, paid_amount = case becomes when 'paid' then i.total_amount else 0 end, paid_at = case becomes when 'paid' then now() end
    where i.organization_id = organization and i.id = settled.id and i.status <> becomes;
  if becomes = 'void' then
    update billing.charges c set invoice_id = null where c.organization_id = organization and c.invoice_id = invoice;
  end if;
  return billing.invoice_json(organization, invoice);
end
$$;
comment on function billing.settle_invoice(uuid, text) is 'Says that an issued bill is paid, void or uncollectible; what was on a void one may be billed again. Returns it as JSON.';

create function billing.discard_invoice(invoice uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  draft constant billing.invoices := billing.lock_invoice(invoice);
begin
  if draft.status <> 'draft' then
    raise exception 'This invoice is issued already' using errcode = 'TN011', hint = 'Void it instead.';
  end if;
  update billing.charges c set invoice_id = null where c.organization_id = draft.organization_id and c.invoice_id = draft.id;
  delete from billing.invoices i where i.organization_id = draft.organization_id and i.id = draft.id;
end
$$;
comment on function billing.discard_invoice(uuid) is 'Removes a bill that was never issued; what was on it may be billed again.';

call kernel.run_as_definer('billing.read_invoice');
call kernel.run_as_definer('billing.create_invoice');
call kernel.run_as_definer('billing.issue_invoice');
call kernel.run_as_definer('billing.settle_invoice');
call kernel.run_as_definer('billing.discard_invoice');
grant execute on function billing.parties, billing.invoice_json, billing.lock_invoice to tenon_definer;
grant execute on function billing.read_invoice to tenon_member, tenon_worker;
grant execute on function billing.create_invoice, billing.issue_invoice, billing.settle_invoice, billing.discard_invoice to tenon_member;

call organizations.add_permission('billing.invoice.manage', 'Make invoices for customers, and say whether they are paid', '{admin,billing_admin}');
