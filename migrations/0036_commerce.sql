-- Stores elsewhere, and what they tell: products, orders. What a store says is a fact; what does not add up is kept and marked.

call kernel.module_schema('commerce');

create table commerce.stores (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 200),
  platform text not null check (platform in ('shopify', 'woocommerce', 'amazon', 'etsy', 'squarespace', 'bigcommerce')),
  store_url text not null check (store_url ~ '^https?://' and length(store_url) <= 500),
  api_version text check (length(api_version) <= 50),
  currency text not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
  rate numeric(18, 9) not null default 1 check (rate > 0),
  status text not null default 'setup' check (status in ('setup', 'active', 'inactive', 'error')),
  sync_status text not null default 'pending' check (sync_status in ('pending', 'syncing', 'success', 'error')),
  sync_settings jsonb not null default '{"auto_sync": true, "sync_frequency": "hourly", "sync_products": true, "sync_orders": true, "sync_customers": true}'
    check (pg_column_size(sync_settings) <= 8192),
  sync_error text check (length(sync_error) <= 5000),
  last_sync_at timestamptz,
  connected_by uuid,
  primary key (organization_id, id),
  unique (organization_id, platform, store_url),
  foreign key (organization_id, connected_by) references organizations.memberships on delete restrict
);
comment on table commerce.stores is 'A store on some platform that the organization sells through. Sensitivity: medium.';
comment on column commerce.stores.name is 'Name as the organization calls it.';
comment on column commerce.stores.platform is 'The platform.';
comment on column commerce.stores.store_url is 'Where the store is.';
comment on column commerce.stores.api_version is 'Which version of the platform''s API is spoken.';
comment on column commerce.stores.currency is 'ISO 4217 currency it sells in.';
comment on column commerce.stores.rate is 'What one minor unit of its currency is worth in the organization''s, for the orders that come from now on.';
comment on column commerce.stores.status is 'Whether it is used.';
comment on column commerce.stores.sync_status is 'How the last sync went.';
comment on column commerce.stores.sync_settings is 'What is synced, and how often.';
comment on column commerce.stores.sync_error is 'Why the last sync failed.';
comment on column commerce.stores.last_sync_at is 'When it was last synced.';
comment on column commerce.stores.connected_by is 'The member who connected it, in whose name is taken in what the store tells by itself.';
comment on index commerce.stores_organization_id_platform_store_url_key is 'A store is connected once.';
call kernel.tenant_table('commerce.stores', unrecorded => '{sync_status,last_sync_at}');
call kernel.state_order('commerce.stores', 'A store',
  '{"setup": ["active", "inactive", "error"], "active": ["inactive", "error"], "inactive": ["active", "setup"], "error": ["active", "inactive", "setup"]}');
create index stores_by_status on commerce.stores (organization_id, status, last_sync_at);
comment on index commerce.stores_by_status is 'The stores in use, those that were synced longest ago first.';
create index stores_by_member on commerce.stores (organization_id, connected_by);
comment on index commerce.stores_by_member is 'The stores that a member connected.';

create table commerce.store_credentials (
  organization_id uuid not null,
  store_id uuid not null,
  secret_id uuid not null,
  primary key (organization_id, store_id),
  foreign key (organization_id, store_id) references commerce.stores on delete cascade,
  foreign key (organization_id, secret_id) references kernel.secrets on delete cascade
);
comment on table commerce.store_credentials is 'Which sealed secret opens a store. Sensitivity: critical.';
comment on column commerce.store_credentials.store_id is 'The store.';
comment on column commerce.store_credentials.secret_id is 'The secret, sealed.';
create index store_credentials_by_secret on commerce.store_credentials (organization_id, secret_id);
comment on index commerce.store_credentials_by_secret is 'Which store a secret opens.';
call kernel.tenant_table('commerce.store_credentials', access => 'none');

create table commerce.products (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  store_id uuid,
  name text not null check (length(btrim(name)) between 1 and 500),
  sku text check (length(sku) <= 100),
  handle text check (length(handle) <= 255),
  description text check (length(description) <= 100000),
  short_description text check (length(short_description) <= 5000),
  product_type text check (length(product_type) <= 200),
  vendor text check (length(vendor) <= 200),
  category text check (length(category) <= 200),
  status text not null default 'active' check (status in ('active', 'inactive', 'draft', 'archived')),
  price bigint check (price >= 0),
  compare_at_price bigint check (compare_at_price >= 0),
  cost_price bigint check (cost_price >= 0),
  currency text not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
  track_inventory boolean not null default true,
  inventory_quantity bigint not null default 0,
  has_variants boolean not null default false,
  variant_options jsonb check (pg_column_size(variant_options) <= 16384),
  images jsonb not null default '[]' check (jsonb_typeof(images) = 'array' and pg_column_size(images) <= 65536),
  featured_image text check (length(featured_image) <= 2000),
  seo_title text check (length(seo_title) <= 300),
  seo_description text check (length(seo_description) <= 1000),
  ai_description_generated boolean not null default false,
  ai_images_generated boolean not null default false,
  ai_seo_optimized boolean not null default false,
  ai_last_enhanced_at timestamptz,
  platform_data jsonb not null default '{}' check (pg_column_size(platform_data) <= 262144),
  published_at timestamptz,
  synced_at timestamptz,
  remote_updated_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, store_id) references commerce.stores on delete cascade
);
comment on table commerce.products is 'Something that is sold. Sensitivity: low.';
comment on column commerce.products.store_id is 'The store it is sold in; null for one of the organization''s own catalog.';
comment on column commerce.products.name is 'Name as customers read it.';
comment on column commerce.products.sku is 'The organization''s own number for it.';
comment on column commerce.products.handle is 'Its name in addresses.';
comment on column commerce.products.description is 'What it is.';
comment on column commerce.products.short_description is 'What it is, in short.';
comment on column commerce.products.product_type is 'What kind of thing it is.';
comment on column commerce.products.vendor is 'Who makes it.';
comment on column commerce.products.category is 'Where it stands in the catalog.';
comment on column commerce.products.status is 'Whether it is sold.';
comment on column commerce.products.price is 'Price, in minor units.';
comment on column commerce.products.compare_at_price is 'Price before, in minor units.';
comment on column commerce.products.cost_price is 'What it costs the organization, in minor units.';
comment on column commerce.products.currency is 'ISO 4217 currency of its prices.';
comment on column commerce.products.track_inventory is 'Whether its stock is counted.';
comment on column commerce.products.inventory_quantity is 'How many there are; below zero when a store sold more than it had.';
comment on column commerce.products.has_variants is 'Whether it comes in variants.';
comment on column commerce.products.variant_options is 'What the variants differ in.';
comment on column commerce.products.images is 'Pictures, with what is known of them.';
comment on column commerce.products.featured_image is 'The first picture.';
comment on column commerce.products.seo_title is 'Title for search engines.';
comment on column commerce.products.seo_description is 'Description for search engines.';
comment on column commerce.products.ai_description_generated is 'Whether a model wrote the description.';
comment on column commerce.products.ai_images_generated is 'Whether a model made the pictures.';
comment on column commerce.products.ai_seo_optimized is 'Whether a model wrote what search engines read.';
comment on column commerce.products.ai_last_enhanced_at is 'When a model last did.';
comment on column commerce.products.platform_data is 'What the platform tells beside.';
comment on column commerce.products.published_at is 'Since when it is for sale.';
comment on column commerce.products.synced_at is 'When the store last told of it.';
comment on column commerce.products.remote_updated_at is 'When it was changed at the store, as far as is known here: what is older is not taken over.';
call kernel.tenant_table('commerce.products', search => true);
create index products_by_store on commerce.products (organization_id, store_id, status);
comment on index commerce.products_by_store is 'What a store sells.';
create index products_by_status on commerce.products (organization_id, status, created_at);
comment on index commerce.products_by_status is 'What is sold, newest first.';
create index products_by_sku on commerce.products (organization_id, sku);
comment on index commerce.products_by_sku is 'Finds a product by its number.';
create index products_by_type on commerce.products (organization_id, product_type, created_at);
comment on index commerce.products_by_type is 'The products of a kind.';
create index products_to_enhance on commerce.products (organization_id, created_at) where not ai_description_generated or not ai_images_generated;
comment on index commerce.products_to_enhance is 'What a model could still describe or picture.';
create index products_by_words on commerce.products using gin (organization_id, name extensions.gin_trgm_ops);
comment on index commerce.products_by_words is 'Finds products by part of their name, in the search view.';

create table commerce.product_tags (
  organization_id uuid not null,
  product_id uuid not null,
  tag_id uuid not null,
  primary key (organization_id, product_id, tag_id),
  foreign key (organization_id, product_id) references commerce.products on delete cascade,
  foreign key (organization_id, tag_id) references organizations.tags on delete cascade
);
comment on table commerce.product_tags is 'The tags of a product. Sensitivity: low.';
comment on column commerce.product_tags.product_id is 'The product.';
comment on column commerce.product_tags.tag_id is 'The tag.';
create index product_tags_by_tag on commerce.product_tags (organization_id, tag_id, product_id);
comment on index commerce.product_tags_by_tag is 'The products with a tag.';
call kernel.tenant_table('commerce.product_tags');

create table commerce.product_variants (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  product_id uuid not null,
  sku text check (length(sku) <= 100),
  barcode text check (length(barcode) <= 100),
  option1 text check (length(option1) <= 200),
  option2 text check (length(option2) <= 200),
  option3 text check (length(option3) <= 200),
  price bigint check (price >= 0),
  compare_at_price bigint check (compare_at_price >= 0),
  cost_price bigint check (cost_price >= 0),
  inventory_quantity bigint not null default 0,
  is_available boolean not null default true,
  weight_grams bigint check (weight_grams >= 0),
  image_url text check (length(image_url) <= 2000),
  primary key (organization_id, id),
  unique (organization_id, product_id, id),
  foreign key (organization_id, product_id) references commerce.products on delete cascade
);
comment on table commerce.product_variants is 'A product in one size or colour. Sensitivity: low.';
comment on column commerce.product_variants.product_id is 'The product.';
comment on column commerce.product_variants.sku is 'The organization''s own number for it.';
comment on column commerce.product_variants.barcode is 'The number on the package.';
comment on column commerce.product_variants.option1 is 'The first thing it differs in.';
comment on column commerce.product_variants.option2 is 'The second.';
comment on column commerce.product_variants.option3 is 'The third.';
comment on column commerce.product_variants.price is 'Price, in minor units of the product''s currency.';
comment on column commerce.product_variants.compare_at_price is 'Price before, in minor units.';
comment on column commerce.product_variants.cost_price is 'What it costs the organization, in minor units.';
comment on column commerce.product_variants.inventory_quantity is 'How many there are; below zero when a store sold more than it had.';
comment on column commerce.product_variants.is_available is 'Whether it can be ordered.';
comment on column commerce.product_variants.weight_grams is 'Weight, in grams.';
comment on column commerce.product_variants.image_url is 'Its picture.';
comment on index commerce.product_variants_organization_id_product_id_id_key is 'The variants of a product; proves that an ordered one is of its product.';
create index product_variants_by_sku on commerce.product_variants (organization_id, sku);
comment on index commerce.product_variants_by_sku is 'Finds a variant by its number.';
call kernel.tenant_table('commerce.product_variants');
