-- Who sees a part: labelers, participants and clients, where whose a row is does not stand in a column of its own.
-- A policy stays plain, or it would be worked out row by row: where it takes a join to know whose a row is, a view of the reader's
-- does the join. Such a view begins at the rows that name the person or the customer, so it reads no more than is theirs; where
-- these are many, "limit 1" has it look up the other row of each by its key, and not read a table to find them all.

/*
  Hands a view to the role that bypasses row-level security, and opens it to others. Its own condition is then all that stands
  before the rows: it must name the organization that was entered, and the person or the customers. As a barrier it lets no
  other condition look at a row first.
*/
create procedure kernel.row_view(target regclass, tables regclass[], readers text[])
  language plpgsql as $$
declare
  name text;
begin
  execute format('alter view %s set (security_barrier = true)', target);
  foreach name in array tables::text[] loop
    execute format('grant select on %s to tenon_reader', name);
  end loop;
  execute format('grant create on schema %s to tenon_reader', (select relnamespace::regnamespace from pg_class where oid = target));
  execute format('alter view %s owner to tenon_reader', target);
  execute format('revoke create on schema %s from tenon_reader', (select relnamespace::regnamespace from pg_class where oid = target));
  foreach name in array readers loop
    execute format('grant select on %s to %I', target, name);
  end loop;
end
$$;
comment on procedure kernel.row_view is 'Opens a view over rows whose owner only a join tells.';

create procedure kernel.show_columns(target regclass, reader text, columns text[])
  language plpgsql as $$
begin
  execute format('revoke select on %s from %I', target, reader);
  execute format('grant select (%s) on %s to %I', (select string_agg(quote_ident(c), ', ') from unnest(columns) c), target, reader);
end
$$;
comment on procedure kernel.show_columns is 'Shows a role these columns of a table, and no others.';

create procedure kernel.show_own_to_clients(target regclass)
  language plpgsql as $$
begin
  execute format('create policy client on %s to tenon_client using (organization_id = kernel.organization_id() and user_id = kernel.user_id())', target);
  execute format('grant select on %s to tenon_client', target);
end
$$;
comment on procedure kernel.show_own_to_clients is 'Shows clients the rows that name them, rather than their customer.';

-- People: a client sees their own membership and roles, like everyone who sees only their own.

call kernel.show_own_to_clients('organizations.memberships');
call kernel.show_own_to_clients('organizations.member_roles');

-- Customers: what colleagues think of a customer is not for the customer's people.

call kernel.show_columns('crm.customers', 'tenon_client', array[
  'organization_id', 'id', 'name', 'first_name', 'last_name', 'company', 'email', 'phone', 'addresses', 'default_address', 'birthday',
  'gender', 'accepts_marketing', 'assigned_to', 'version', 'created_at', 'updated_at']);
call kernel.show_columns('crm.customer_figures', 'tenon_client', array[
  'organization_id', 'customer_id', 'total_orders', 'total_spent', 'total_refunded', 'average_order_value', 'first_order_at', 'last_order_at']);
call kernel.show_columns('commerce.orders', 'tenon_client', array[
  'organization_id', 'id', 'store_id', 'customer_id', 'order_number', 'status', 'fulfillment_status', 'payment_status', 'currency',
  'subtotal_amount', 'tax_amount', 'shipping_amount', 'discount_amount', 'total_amount', 'refunded_amount', 'order_date', 'shipped_date',
  'delivered_date', 'customer_email', 'customer_phone', 'customer_notes', 'shipping_address', 'billing_address', 'shipping_method',
  'tracking_number', 'tracking_url', 'shipping_lines', 'tax_lines', 'discount_codes', 'created_at', 'updated_at']);
call kernel.show_columns('projects.projects', 'tenon_client', array[
  'organization_id', 'id', 'kind', 'name', 'description', 'status', 'priority', 'customer_id', 'manager_id', 'start_date', 'due_date',
  'completion_date', 'version', 'created_at', 'updated_at']);

create view commerce.customer_order_lines as
  select o.organization_id, o.customer_id, l.order_id, l.position, l.name, l.sku, l.quantity, l.unit_price, l.discount_amount, l.tax_amount, l.amount
  from commerce.orders o
  join commerce.order_lines l on l.organization_id = o.organization_id and l.order_id = o.id
  where o.organization_id = kernel.organization_id() and o.customer_id = any (kernel.customer_ids());
comment on view commerce.customer_order_lines is 'What a client''s customers ordered, line by line. Sensitivity: medium.';
call kernel.row_view('commerce.customer_order_lines', '{commerce.orders,commerce.order_lines}', '{tenon_client}');

create view projects.customer_progress as
  select p.organization_id, p.customer_id, f.project_id, f.tasks, f.tasks_done, f.progress_percentage
  from projects.projects p
  join projects.project_figures f on f.organization_id = p.organization_id and f.project_id = p.id
  where p.organization_id = kernel.organization_id() and p.customer_id = any (kernel.customer_ids());
comment on view projects.customer_progress is 'How far the projects of a client''s customers are. Sensitivity: low.';
call kernel.row_view('projects.customer_progress', '{projects.projects,projects.project_figures}', '{tenon_client}');

-- Content: clients read what is published, without what was said to the machine or among colleagues.

create policy client on content.items to tenon_client
  using (organization_id = kernel.organization_id() and status = 'published');
call kernel.show_columns('content.items', 'tenon_client', array[
  'organization_id', 'id', 'content_type', 'title', 'slug', 'content', 'excerpt', 'status', 'seo_meta', 'featured_image', 'media_assets',
  'published_urls', 'published_at', 'updated_at']);

-- Labeling: labelers see the items that are theirs to label, and what was decided about their labels, but not by whom; clients
-- see how far their customers' projects are and the approved labels, but not whose they are.

create policy own on labeling.reviews to tenon_own
  using (organization_id = kernel.organization_id() and labeler_id = kernel.user_id());
create index reviews_by_labeler on labeling.reviews (organization_id, labeler_id, created_at);
comment on index labeling.reviews_by_labeler is 'What was decided about a labeler''s labels.';
call kernel.show_columns('labeling.reviews', 'tenon_own', array[
  'organization_id', 'id', 'label_id', 'revision', 'labeler_id', 'decision', 'reason', 'created_at']);

call kernel.show_own_to_clients('labeling.comments');

create view labeling.assigned_items as
  select a.organization_id, a.project_id, a.task_id, a.id as assignment_id, t.item_id, i.input, i.input_json, i.file_name
  from labeling.assignments a
  join lateral (select * from labeling.tasks one where one.organization_id = a.organization_id and one.id = a.task_id limit 1) t on true
  join lateral (select * from datasets.dataset_items one where one.organization_id = a.organization_id and one.id = t.item_id limit 1) i on true
  where a.organization_id = kernel.organization_id() and a.user_id = kernel.user_id();
comment on view labeling.assigned_items is 'The items that a labeler holds or has labeled. Sensitivity: high.';
call kernel.row_view('labeling.assigned_items', '{labeling.assignments,labeling.tasks,datasets.dataset_items}', '{tenon_own}');

create view labeling.customer_results as
  select p.organization_id, p.customer_id, a.project_id, a.position, a.slot, t.item_id, i.input, i.input_json, l.id as label_id,
         c.name as label, l.data, l.submitted_at
  from projects.projects p
  join labeling.assignments a on a.organization_id = p.organization_id and a.project_id = p.id and a.status = 'approved'
  join lateral (
    select * from labeling.labels one where one.organization_id = a.organization_id and one.assignment_id = a.id limit 1
  ) l on true
  join lateral (select * from labeling.choices one where one.organization_id = a.organization_id and one.id = l.choice_id limit 1) c on true
  join lateral (select * from labeling.tasks one where one.organization_id = a.organization_id and one.id = a.task_id limit 1) t on true
  join lateral (select * from datasets.dataset_items one where one.organization_id = a.organization_id and one.id = t.item_id limit 1) i on true
  where p.organization_id = kernel.organization_id() and p.customer_id = any (kernel.customer_ids());
comment on view labeling.customer_results is 'The approved labels of the projects of a client''s customers; pages are ranges of positions. Sensitivity: high.';
call kernel.row_view('labeling.customer_results',
  '{projects.projects,labeling.assignments,labeling.labels,labeling.choices,labeling.tasks,datasets.dataset_items}', '{tenon_client}');

create view labeling.customer_progress as
  select p.organization_id, p.customer_id, p.id as project_id, p.name, p.status, p.created_at, f.total, f.approved
  from projects.projects p
  join lateral (
    select sum(one.total)::bigint as total, sum(one.approved)::bigint as approved from labeling.project_figures one
    where one.organization_id = p.organization_id and one.project_id = p.id having count(*) > 0
  ) f on true
  where p.organization_id = kernel.organization_id() and p.customer_id = any (kernel.customer_ids());
comment on view labeling.customer_progress is 'How far the labeling projects of a client''s customers are. Sensitivity: low.';
call kernel.row_view('labeling.customer_progress', '{projects.projects,labeling.project_figures}', '{tenon_client}');

-- Benchmarks: who takes part sees what is measured and when, and the items of the version that is.

create policy own on evaluation.benchmarks to tenon_own
  using (organization_id = kernel.organization_id() and id = any (kernel.benchmark_ids()));
create policy own on evaluation.benchmark_metrics to tenon_own
  using (organization_id = kernel.organization_id() and benchmark_id = any (kernel.benchmark_ids()));
create policy own on evaluation.phases to tenon_own
  using (organization_id = kernel.organization_id() and benchmark_id = any (kernel.benchmark_ids()));
grant select on evaluation.benchmarks, evaluation.benchmark_metrics, evaluation.phases to tenon_own;

create view evaluation.benchmark_items as
  select b.organization_id, b.id as benchmark_id, i.id as item_id, i.position, i.input, i.input_json, i.file_name
  from evaluation.participants p
  join evaluation.benchmarks b on b.organization_id = p.organization_id and b.id = p.benchmark_id and b.status <> 'draft'
  join datasets.versions v on v.organization_id = b.organization_id and v.id = b.version_id
  join datasets.dataset_items i on i.organization_id = b.organization_id and i.dataset_id = b.dataset_id and i.position <= v.last_position
  where p.organization_id = kernel.organization_id() and p.user_id = kernel.user_id() and p.status = 'active';
comment on view evaluation.benchmark_items is 'What is to be predicted in the benchmarks that a participant takes part in; pages are ranges of positions. Sensitivity: high.';
call kernel.row_view('evaluation.benchmark_items', '{evaluation.participants,evaluation.benchmarks,datasets.versions,datasets.dataset_items}', '{tenon_own}');

-- Assistant and studio: what is a member's or was shared with them, clients among them.

call kernel.show_own_to_clients('assistant.conversation_people');
call kernel.show_own_to_clients('studio.session_people');

create view assistant.open_conversations as
  select p.organization_id, p.conversation_id as id, c.user_id, c.title, c.is_archived, p.may_write, c.created_at, c.updated_at
  from assistant.conversation_people p
  join lateral (
    select * from assistant.conversations one where one.organization_id = p.organization_id and one.id = p.conversation_id limit 1
  ) c on true
  where p.organization_id = kernel.organization_id() and p.user_id = kernel.user_id();
comment on view assistant.open_conversations is 'The conversations that are a person''s or are shared with them. Sensitivity: high.';
call kernel.row_view('assistant.open_conversations', '{assistant.conversation_people,assistant.conversations}', '{tenon_own,tenon_client}');

create view assistant.open_messages as
  select p.organization_id, m.id, p.conversation_id, m.position, m.author, m.user_id, m.content, m.status, m.created_at
  from assistant.conversation_people p
  join assistant.messages m on m.organization_id = p.organization_id and m.conversation_id = p.conversation_id and m.author in ('user', 'assistant')
  where p.organization_id = kernel.organization_id() and p.user_id = kernel.user_id();
comment on view assistant.open_messages is 'What people and models say in the conversations that are a person''s or are shared with them. Sensitivity: high.';
call kernel.row_view('assistant.open_messages', '{assistant.conversation_people,assistant.messages}', '{tenon_own,tenon_client}');

create view studio.open_sessions as
  select p.organization_id, p.session_id as id, s.user_id, s.title, s.customer_id, s.client_name, s.session_type, s.is_template, p.may_write,
         s.created_at, s.updated_at
  from studio.session_people p
  join lateral (
    select * from studio.sessions one where one.organization_id = p.organization_id and one.id = p.session_id and one.deleted_at is null limit 1
  ) s on true
  where p.organization_id = kernel.organization_id() and p.user_id = kernel.user_id();
comment on view studio.open_sessions is 'The studio sessions that are a person''s or are shared with them, but for those in the bin. Sensitivity: medium.';
call kernel.row_view('studio.open_sessions', '{studio.session_people,studio.sessions}', '{tenon_own,tenon_client}');

create view studio.open_documents as
  select p.organization_id, p.session_id, d.section, d.content, d.version, d.updated_at
  from studio.session_people p
  join studio.sessions s on s.organization_id = p.organization_id and s.id = p.session_id and s.deleted_at is null
  join studio.documents d on d.organization_id = p.organization_id and d.session_id = p.session_id
  where p.organization_id = kernel.organization_id() and p.user_id = kernel.user_id();
comment on view studio.open_documents is 'What stands in the studio sessions that are a person''s or are shared with them. Sensitivity: medium.';
call kernel.row_view('studio.open_documents', '{studio.session_people,studio.sessions,studio.documents}', '{tenon_own,tenon_client}');

-- Analytics: people see what they did themselves, without what it brought and to whom.

create policy own on analytics.events to tenon_own
  using (organization_id = kernel.organization_id() and user_id = kernel.user_id());
call kernel.show_columns('analytics.events', 'tenon_own', array[
  'organization_id', 'id', 'created_at', 'occurred_at', 'event_type', 'event_name', 'user_id', 'session_id', 'source', 'properties']);
