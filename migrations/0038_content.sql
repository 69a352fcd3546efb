-- Content: what is written, reviewed and published.

call kernel.module_schema('content');

create table content.campaigns (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 200),
  description text not null default '' check (length(description) <= 20000),
  status text not null default 'active' check (status in ('planned', 'active', 'completed', 'archived')),
  starts_on date,
  ends_on date,
  primary key (organization_id, id),
  check (ends_on >= starts_on)
);
comment on table content.campaigns is 'Pieces of content with one aim. Sensitivity: low.';
comment on column content.campaigns.name is 'Name as people write it.';
comment on column content.campaigns.description is 'What it is to reach.';
comment on column content.campaigns.status is 'Where it stands.';
comment on column content.campaigns.starts_on is 'When it begins.';
comment on column content.campaigns.ends_on is 'When it ends.';
call kernel.tenant_table('content.campaigns');
create index campaigns_by_status on content.campaigns (organization_id, status, starts_on);
comment on index content.campaigns_by_status is 'What is under way.';

create table content.items (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  content_type text not null check (content_type in (
    'page', 'blog_post', 'documentation', 'template', 'product_description', 'email_campaign', 'social_post', 'video_script',
    'ad_copy', 'newsletter', 'landing_page')),
  name text not null check (length(btrim(name)) between 1 and 300),
  description text not null default '' check (length(description) <= 5000),
  title text check (length(title) <= 500),
  slug text check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 200),
  content text not null default '' check (length(content) <= 1000000),
  excerpt text check (length(excerpt) <= 5000),
  status text not null default 'draft' check (status in ('draft', 'in_progress', 'review', 'approved', 'published', 'archived')),
  author_id uuid default kernel.user_id(),
  assigned_to uuid,
  campaign_id uuid,
  seo_meta jsonb not null default '{}' check (pg_column_size(seo_meta) <= 16384),
  target_keywords text[] not null default '{}' check (cardinality(target_keywords) <= 50 and pg_column_size(target_keywords) <= 8192),
  seo_score smallint check (seo_score between 0 and 100),
  readability_score smallint check (readability_score between 0 and 100),
  featured_image text check (length(featured_image) <= 2000),
  media_assets jsonb not null default '[]' check (jsonb_typeof(media_assets) = 'array' and pg_column_size(media_assets) <= 65536),
  published_urls text[] not null default '{}' check (cardinality(published_urls) <= 50 and pg_column_size(published_urls) <= 131072),
  scheduled_for timestamptz,
  published_at timestamptz,
  ai_generated boolean not null default false,
  ai_model text check (length(ai_model) <= 100),
  ai_prompt text check (length(ai_prompt) <= 50000),
  ai_generation_cost bigint check (ai_generation_cost >= 0),
  primary key (organization_id, id),
  foreign key (organization_id, author_id) references organizations.memberships on delete restrict,
  foreign key (organization_id, assigned_to) references organizations.memberships on delete restrict,
  foreign key (organization_id, campaign_id) references content.campaigns on delete restrict,
  check (status <> 'published' or published_at is not null),
  check (status <> 'published' or length(btrim(content)) > 0)
);
comment on table content.items is 'A piece of content, from the idea to the page. Sensitivity: medium.';
comment on column content.items.content_type is 'What it is.';
comment on column content.items.name is 'What it is called among colleagues.';
comment on column content.items.description is 'What it is to say.';
comment on column content.items.title is 'The title that readers see.';
comment on column content.items.slug is 'Its name in addresses.';
comment on column content.items.content is 'The text, as Markdown.';
comment on column content.items.excerpt is 'The text in short.';
comment on column content.items.status is 'Where it stands.';
comment on column content.items.author_id is 'Who writes it.';
comment on column content.items.assigned_to is 'Whose turn it is.';
comment on column content.items.campaign_id is 'The campaign that it belongs to.';
comment on column content.items.seo_meta is 'What search engines are told.';
comment on column content.items.target_keywords is 'The words it is to be found by.';
comment on column content.items.seo_score is 'How well it can be found, 0 to 100.';
comment on column content.items.readability_score is 'How well it reads, 0 to 100.';
comment on column content.items.featured_image is 'Its picture.';
comment on column content.items.media_assets is 'Pictures and films in it.';
comment on column content.items.published_urls is 'Where it can be read.';
comment on column content.items.scheduled_for is 'When it is to be published.';
comment on column content.items.published_at is 'When it was published first.';
comment on column content.items.ai_generated is 'Whether a model wrote it.';
comment on column content.items.ai_model is 'Which model did.';
comment on column content.items.ai_prompt is 'What the model was asked.';
comment on column content.items.ai_generation_cost is 'What that cost, in micro-credits.';
call kernel.tenant_table('content.items', search => true);
call kernel.state_order('content.items', 'Content', '{
  "draft": ["in_progress", "review", "archived"], "in_progress": ["draft", "review", "archived"],
  "review": ["in_progress", "approved", "archived"], "approved": ["in_progress", "review", "published", "archived"],
  "published": ["in_progress", "archived"], "archived": ["draft"]}');
create unique index items_by_slug on content.items (organization_id, content_type, slug);
comment on index content.items_by_slug is 'Finds content by its address; one piece of a type per address.';
create index items_by_status on content.items (organization_id, status, updated_at);
comment on index content.items_by_status is 'The content of a status, what was touched last first.';
create index items_by_type on content.items (organization_id, content_type, status, created_at);
comment on index content.items_by_type is 'The content of a type.';
create index items_by_author on content.items (organization_id, author_id, created_at);
comment on index content.items_by_author is 'What a member writes.';
create index items_by_assignee on content.items (organization_id, assigned_to, status);
comment on index content.items_by_assignee is 'Where it is a member''s turn.';
create index items_by_campaign on content.items (organization_id, campaign_id, status);
comment on index content.items_by_campaign is 'The content of a campaign.';
create index items_to_publish on content.items (organization_id, scheduled_for) where status = 'approved' and scheduled_for is not null;
comment on index content.items_to_publish is 'What is published next.';
create index items_published on content.items (organization_id, published_at) where status = 'published';
comment on index content.items_published is 'What can be read, newest first.';
create index items_by_words on content.items using gin (organization_id, name extensions.gin_trgm_ops, title extensions.gin_trgm_ops);
comment on index content.items_by_words is 'Finds content by part of its name or title, in the search view.';

create table content.item_figures (
  organization_id uuid not null,
  item_id uuid not null,
  view_count bigint not null default 0 check (view_count >= 0),
  engagement_metrics jsonb not null default '{}' check (pg_column_size(engagement_metrics) <= 16384),
  primary key (organization_id, item_id),
  foreign key (organization_id, item_id) references content.items on delete cascade
);
comment on table content.item_figures is 'How often content is read, kept by machines. Sensitivity: low.';
comment on column content.item_figures.item_id is 'The content.';
comment on column content.item_figures.view_count is 'How often it was opened.';
comment on column content.item_figures.engagement_metrics is 'What readers did with it.';
call kernel.tenant_table('content.item_figures', audit => 'none', access => 'read');

create table content.item_versions (
  organization_id uuid not null,
  item_id uuid not null,
  number integer not null check (number > 0),
  title text,
  slug text,
  content text not null,
  excerpt text,
  featured_image text,
  seo_meta jsonb not null default '{}' check (pg_column_size(seo_meta) <= 16384),
  status text not null,
  saved_by uuid,
  saved_at timestamptz not null default now(),
  note text not null default '' check (length(note) <= 1000),
  primary key (organization_id, item_id, number),
  foreign key (organization_id, item_id) references content.items on delete cascade,
  foreign key (organization_id, saved_by) references organizations.memberships on delete restrict
);
comment on table content.item_versions is 'What a piece of content said before, version by version. Sensitivity: medium.';
comment on column content.item_versions.item_id is 'The content.';
comment on column content.item_versions.number is 'Which version it is, from 1.';
comment on column content.item_versions.title is 'The title then.';
comment on column content.item_versions.slug is 'Its name in addresses then.';
comment on column content.item_versions.content is 'The text then.';
comment on column content.item_versions.excerpt is 'The text in short then.';
comment on column content.item_versions.featured_image is 'Its picture then.';
comment on column content.item_versions.seo_meta is 'What search engines were told then.';
comment on column content.item_versions.status is 'Where it stood then.';
comment on column content.item_versions.saved_by is 'Who saved it.';
comment on column content.item_versions.saved_at is 'When.';
comment on column content.item_versions.note is 'What was changed, or why it was sent back, in words.';
create index item_versions_by_member on content.item_versions (organization_id, saved_by);
comment on index content.item_versions_by_member is 'What a member saved.';
call kernel.tenant_table('content.item_versions', audit => 'none', access => 'read');

create table content.item_tags (
  organization_id uuid not null,
  item_id uuid not null,
  tag_id uuid not null,
  primary key (organization_id, item_id, tag_id),
  foreign key (organization_id, item_id) references content.items on delete cascade,
  foreign key (organization_id, tag_id) references organizations.tags on delete cascade
);
comment on table content.item_tags is 'The tags of a piece of content. Sensitivity: low.';
comment on column content.item_tags.item_id is 'The content.';
comment on column content.item_tags.tag_id is 'The tag.';
create index item_tags_by_tag on content.item_tags (organization_id, tag_id, item_id);
comment on index content.item_tags_by_tag is 'The content with a tag.';
call kernel.tenant_table('content.item_tags');

create table content.item_products (
  organization_id uuid not null,
  item_id uuid not null,
  product_id uuid not null,
  primary key (organization_id, item_id, product_id),
  foreign key (organization_id, item_id) references content.items on delete cascade,
  foreign key (organization_id, product_id) references commerce.products on delete cascade
);
comment on table content.item_products is 'The products that content is about. Sensitivity: low.';
comment on column content.item_products.item_id is 'The content.';
comment on column content.item_products.product_id is 'The product.';
create index item_products_by_product on content.item_products (organization_id, product_id);
comment on index content.item_products_by_product is 'The content about a product.';
call kernel.tenant_table('content.item_products');

-- Everything that was there before a change of the words is kept, by the database itself.
create function content.keep_version() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into content.item_versions (organization_id, item_id, number, title, slug, content, excerpt, featured_image, seo_meta, status, saved_by)
    select new.organization_id, new.id,
           1 + coalesce((select max(v.number) from content.item_versions v where v.organization_id = new.organization_id and v.item_id = new.id), 0),
           new.title, new.slug, new.content, new.excerpt, new.featured_image, new.seo_meta, new.status, kernel.acting_member(new.organization_id);
  if tg_op = 'INSERT' then
    insert into content.item_figures (organization_id, item_id) values (new.organization_id, new.id);
  end if;
  return null;
end
$$;
comment on function content.keep_version() is 'Keeps each version of the words.';
call kernel.run_as_definer('content.keep_version');
create trigger keep_first_version after insert on content.items for each row execute function content.keep_version();
create trigger keep_version after update on content.items for each row
  when ((old.title, old.slug, old.content, old.excerpt, old.featured_image, old.seo_meta, old.status)
    is distinct from (new.title, new.slug, new.content, new.excerpt, new.featured_image, new.seo_meta, new.status))
  execute function content.keep_version();

-- What was judged is what stands: words that change lose the judgment. Readers see the version that was published until another one is.
create function content.go_back_to_work() returns trigger
  language plpgsql set search_path = '' as $$
begin
  new.status := 'in_progress';
  return new;
end
$$;
comment on function content.go_back_to_work() is 'Takes content whose words change out of review, approval and publication.';
create trigger go_back_to_work before update on content.items for each row
  when (old.status in ('review', 'approved', 'published') and new.status = old.status
    and (old.title, old.slug, old.content, old.excerpt, old.featured_image, old.media_assets, old.seo_meta)
      is distinct from (new.title, new.slug, new.content, new.excerpt, new.featured_image, new.media_assets, new.seo_meta))
  execute function content.go_back_to_work();

-- What readers see. It is a version, which never changes, so nothing that is written afterwards shows until somebody who may publish says so.
create table content.publications (
  organization_id uuid not null references organizations.organizations on delete cascade,
  item_id uuid not null,
  version_number integer not null,
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 200),
  published_by uuid,
  published_at timestamptz not null default now(),
  primary key (organization_id, item_id),
  unique (organization_id, slug),
  foreign key (organization_id, item_id, version_number) references content.item_versions on delete restrict,
  foreign key (organization_id, published_by) references organizations.memberships on delete restrict
);
comment on table content.publications is 'Which version of a piece of content everybody can read, and at which address. Sensitivity: low.';
comment on column content.publications.item_id is 'The content.';
comment on column content.publications.version_number is 'The version that readers see.';
comment on column content.publications.slug is 'Its name in public addresses.';
comment on column content.publications.published_by is 'Who published this version.';
comment on column content.publications.published_at is 'Since when it can be read, in this version or an earlier one.';
comment on index content.publications_organization_id_slug_key is 'Finds what stands at a public address; one piece of content per address.';
create index publications_by_version on content.publications (organization_id, item_id, version_number);
comment on index content.publications_by_version is 'Where a version is published.';
create index publications_by_member on content.publications (organization_id, published_by);
comment on index content.publications_by_member is 'What a member published.';
create index publications_by_time on content.publications (organization_id, published_at);
comment on index content.publications_by_time is 'What can be read, newest first.';
call kernel.tenant_table('content.publications', access => 'read');

-- Where content stands is said by the steps below alone.
revoke insert, update on content.items from tenon_member, tenon_steward, tenon_worker, tenon_loader;
grant insert (organization_id, id, content_type, name, description, title, slug, content, excerpt, author_id, assigned_to, campaign_id, seo_meta, target_keywords,
    featured_image, media_assets, ai_generated, ai_model, ai_prompt, ai_generation_cost)
  on content.items to tenon_member, tenon_steward, tenon_worker, tenon_loader;
grant update (name, description, title, slug, content, excerpt, author_id, assigned_to, campaign_id, seo_meta, target_keywords, seo_score, readability_score,
    featured_image, media_assets, scheduled_for, ai_generated, ai_model, ai_prompt, ai_generation_cost)
  on content.items to tenon_member, tenon_steward, tenon_worker;

call organizations.add_permission('content.item.read', 'See content, also what is not published', '{admin,member,moderator,viewer}');
call organizations.add_permission('content.item.write', 'Write and change content', '{admin,member,moderator}');
call organizations.add_permission('content.publication.read', 'See content that is published', '{admin,member,moderator,viewer,client}');
call organizations.add_permission('content.item.publish', 'Publish content and take it back', '{admin,moderator}');

/*
  Takes content a step on: submit, approve, send_back, publish, unpublish, archive or reopen. Judging and publishing take content.item.publish, all
  else content.item.write. known is the version (ETag) that the caller has seen, or null; answers null where it is another one by now.
*/
create function content.take_step(item uuid, step text, known bigint, note text) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  steps constant jsonb := '{
    "submit": {"from": ["draft", "in_progress"], "to": "review"}, "approve": {"from": ["review"], "to": "approved"},
    "send_back": {"from": ["review", "approved"], "to": "in_progress"}, "publish": {"from": ["review", "approved"], "to": "published"},
    "unpublish": {"from": ["draft", "in_progress", "review", "approved", "published"]},
    "archive": {"from": ["draft", "in_progress", "review", "approved"], "to": "archived"}, "reopen": {"from": ["archived"], "to": "draft"}}';
  organization constant uuid := kernel.organization_id();
  i content.items;
begin
  call kernel.require_permission(case when step in ('approve', 'send_back', 'publish', 'unpublish') then 'content.item.publish' else 'content.item.write' end);
  select * into i from content.items x where x.organization_id = organization and x.id = item for update;
  if not found then
    raise exception 'No such content' using errcode = 'TN010';
  elsif i.version <> known then
    return null;
  elsif not (steps -> step -> 'from') ? i.status then
    raise exception 'Content that is % cannot be taken this step', replace(i.status, '_', ' ') using errcode = 'TN011',
      hint = 'It can where it is ' || (select string_agg(replace(s, '_', ' '), ' or ') from jsonb_array_elements_text(steps -> step -> 'from') s) || '.';
  end if;
  case step
    when 'publish' then perform content.publish(i);
    when 'unpublish' then
      delete from content.publications p where p.organization_id = organization and p.item_id = item;
      if not found then
        raise exception 'This is not published' using errcode = 'TN011', hint = 'Nothing more is needed.';
      end if;
      update content.items x set status = 'in_progress' where x.organization_id = organization and x.id = item and x.status = 'published';
    else
      if step = 'archive' and exists (select from content.publications p where p.organization_id = organization and p.item_id = item) then
        raise exception 'Readers still see this' using errcode = 'TN011', hint = 'Have it taken off the web first.';
      end if;
      update content.items x set status = steps -> step ->> 'to' where x.organization_id = organization and x.id = item;
  end case;
  if note <> '' then
    update content.item_versions v set note = take_step.note where v.organization_id = organization and v.item_id = item
      and v.number = (select max(o.number) from content.item_versions o where o.organization_id = organization and o.item_id = item);
  end if;
  return (select json_build_object('id', x.id, 'status', x.status, 'version', x.version) from content.items x where x.organization_id = organization and x.id = item);
end
$$;
comment on function content.take_step is 'Takes content from one state to the next, as far as the member may.';

create function content.publish(i content.items) returns void
  language plpgsql set search_path = '' as $$
declare
  length_max constant integer := 200000;
begin
  if i.slug is null or coalesce(btrim(i.title), '') = '' or btrim(i.content) = '' then
    raise exception 'What is published has a title, an address and a text' using errcode = 'TN012', hint = 'Fill in what is missing, and send it to review again.';
  elsif length(i.content) > length_max then
    raise exception 'A text of more than % characters is not published', length_max using errcode = 'TN012', hint = 'Divide it into several.';
  elsif exists (select from content.publications p where p.organization_id = i.organization_id and p.slug = i.slug and p.item_id <> i.id) then
    raise exception 'Something else is published at %', i.slug using errcode = 'TN011', hint = 'Give this another address, or take the other one off the web.';
  end if;
  update content.items x set status = 'approved' where x.organization_id = i.organization_id and x.id = i.id and x.status = 'review';
  update content.items x set status = 'published', published_at = coalesce(x.published_at, now()) where x.organization_id = i.organization_id and x.id = i.id;
  insert into content.publications as p (organization_id, item_id, version_number, slug, published_by)
    select v.organization_id, v.item_id, v.number, v.slug, kernel.acting_member(v.organization_id) from content.item_versions v
    where v.organization_id = i.organization_id and v.item_id = i.id order by v.number desc limit 1
    on conflict (organization_id, item_id) do update
      set version_number = excluded.version_number, slug = excluded.slug, published_by = excluded.published_by;
end
$$;
comment on function content.publish(content.items) is 'Shows everybody the latest version of content.';
call kernel.run_as_definer('content.take_step');
grant execute on function content.publish to tenon_definer;
grant execute on function content.take_step to tenon_member;

-- For readers, who have no account: what is published, and nothing of what is not, nor whether there is anything.

create function content.read_publication(organization text, slug text, request text) returns json
  language sql stable security definer set search_path = ''
  begin atomic
    select json_build_object('organization', o.name, 'type', i.content_type, 'slug', p.slug, 'title', v.title, 'content', v.content, 'excerpt', v.excerpt,
      'image', v.featured_image, 'seo', v.seo_meta, 'published_at', p.published_at, 'updated_at', p.updated_at)
    from organizations.organizations o
    join content.publications p on p.organization_id = o.id and p.slug = read_publication.slug
    join content.item_versions v on v.organization_id = p.organization_id and v.item_id = p.item_id and v.number = p.version_number
    join content.items i on i.organization_id = p.organization_id and i.id = p.item_id
    where o.slug = read_publication.organization and o.status = 'active';
  end;
comment on function content.read_publication is 'What an organization has published at an address; null where there is nothing.';
call kernel.run_as_definer('content.read_publication');

create function content.list_publications(organization text, most integer, request text) returns json
  language sql stable security definer set search_path = ''
  begin atomic
    select json_build_object('organization', o.name, 'items', json_agg(json_build_object('slug', l.slug, 'title', l.title, 'excerpt', l.excerpt,
      'hidden', l.hidden, 'published_at', l.published_at, 'updated_at', l.updated_at) order by l.published_at desc, l.item_id))
    from organizations.organizations o
    join lateral (
      select p.item_id, p.slug, v.title, left(v.excerpt, 500) as excerpt, v.seo_meta -> 'noindex' = 'true' as hidden, p.published_at, p.updated_at
      from content.publications p
      join content.item_versions v on v.organization_id = p.organization_id and v.item_id = p.item_id and v.number = p.version_number
      where p.organization_id = o.id order by p.published_at desc limit least(most, 50000)) l on true
    where o.slug = list_publications.organization and o.status = 'active'
    group by o.id;
  end;
comment on function content.list_publications is 'What an organization has published, newest first; null where it is nothing.';
call kernel.run_as_definer('content.list_publications');
grant execute on function content.read_publication, content.list_publications to tenon_public;
