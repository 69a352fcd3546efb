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
  content text not null,
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
comment on column content.item_versions.content is 'The text then.';
comment on column content.item_versions.seo_meta is 'What search engines were told then.';
comment on column content.item_versions.status is 'Where it stood then.';
comment on column content.item_versions.saved_by is 'Who saved it.';
comment on column content.item_versions.saved_at is 'When.';
comment on column content.item_versions.note is 'What was changed, in words.';
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
  insert into content.item_versions (organization_id, item_id, number, title, content, seo_meta, status, saved_by)
    select new.organization_id, new.id,
           1 + coalesce((select max(v.number) from content.item_versions v where v.organization_id = new.organization_id and v.item_id = new.id), 0),
           new.title, new.content, new.seo_meta, new.status, kernel.acting_member(new.organization_id);
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
  when ((old.title, old.content, old.seo_meta, old.status) is distinct from (new.title, new.content, new.seo_meta, new.status))
  execute function content.keep_version();

call organizations.add_permission('content.item.read', 'See content, also what is not published', '{admin,member,moderator,viewer}');
call organizations.add_permission('content.item.write', 'Write and change content', '{admin,member,moderator}');
call organizations.add_permission('content.publication.read', 'See content that is published', '{admin,member,moderator,viewer,client}');
call organizations.add_permission('content.item.publish', 'Publish content and take it back', '{admin,moderator}');
