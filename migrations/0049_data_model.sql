-- What the page of the data model says beside the catalog, which every role can read.

create function kernel.model_facts() returns jsonb
  language sql stable security definer set search_path = ''
  begin atomic
    select jsonb_build_object(
      'migrations', (select coalesce(jsonb_agg(m.name order by m.number), '[]') from kernel.migrations m),
      'builtInRoles', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'name', t.name, 'scope', t.scope,
            'permissions', array(select p.permission from organizations.role_template_permissions p where p.role = t.name order by p.permission)
          ) order by t.name), '[]')
        from organizations.role_templates t
      )
    );
  end;
comment on function kernel.model_facts() is 'The migrations that were applied and the built-in roles with their permissions: the same for everybody.';
grant execute on function kernel.model_facts() to tenon_dispatcher;

comment on schema analytics is 'What happened, and how much of it.';
comment on schema assistant is 'Conversations with models, and the tools that models may use.';
comment on schema audit is 'The record of every change, and what people may ask of it.';
comment on schema billing is 'What an organization pays, and for what.';
comment on schema calendar is 'Who is where, when, with whom.';
comment on schema commerce is 'Stores elsewhere, and what they tell.';
comment on schema content is 'What is written, reviewed and published.';
comment on schema credits is 'The books: what an organization may use, and what it used.';
comment on schema crm is 'Customers: sold to and worked for alike.';
comment on schema datasets is 'What is labeled, and what benchmarks are made of.';
comment on schema evaluation is 'Benchmarks: predictions are handed in, scored and ranked.';
comment on schema identity is 'People, how they prove who they are, and the sessions they have open.';
comment on schema labeling is 'Labels that people give texts, and their reviews.';
comment on schema organizations is 'The tenants, who belongs to them, and what each may do there.';
comment on schema projects is 'Work with a name and an end: for a client, or labeling.';
comment on schema studio is 'Sessions in which a solution is worked out with a customer.';
comment on schema tasks is 'Units of execution by a model, a person, an integration or a webhook.';
