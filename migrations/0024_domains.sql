-- Domains: an organization proves by DNS that it owns one, and people with an address there may join.

-- Where everybody can have an address, or register a name, nobody owns the domain in the sense that is meant here.
create table organizations.public_domains (
  domain text primary key check (domain = lower(domain) and length(domain) <= 253),
  kind text not null check (kind in ('mail', 'suffix'))
);
comment on table organizations.public_domains is 'Domains that no organization can have: public mail providers and public suffixes. Sensitivity: low.';
comment on column organizations.public_domains.domain is 'The domain; what is below a mail provider''s counts too.';
comment on column organizations.public_domains.kind is 'Whether people get addresses there, or register names below it.';
comment on index organizations.public_domains_pkey is 'Whether a domain is public.';
call kernel.global_table('organizations.public_domains', 'select');

insert into organizations.public_domains (domain, kind) select unnest('{
  126.com,139.com,163.com,189.cn,21cn.com,aim.com,alice.it,aliyun.com,aol.co.uk,aol.com,aol.de,aol.fr,arcor.de,att.net,bell.net,
  bellsouth.net,bigpond.com,bigpond.net.au,bk.ru,blueyonder.co.uk,bluewin.ch,bol.com.br,btinternet.com,centrum.cz,charter.net,
  cock.li,comcast.net,cox.net,daum.net,disroot.org,duck.com,earthlink.net,email.com,email.cz,email.it,eircom.net,fastmail.com,
  fastmail.fm,foxmail.com,free.fr,freemail.hu,freenet.de,frontier.com,gmail.com,gmx.at,gmx.ch,gmx.com,gmx.de,gmx.fr,gmx.net,
  googlemail.com,guerrillamail.com,hanmail.net,hey.com,home.nl,hotmail.be,hotmail.ca,hotmail.co.jp,hotmail.co.uk,hotmail.com,
  hotmail.com.br,hotmail.de,hotmail.es,hotmail.fr,hotmail.it,hotmail.nl,hush.com,hushmail.com,icloud.com,ig.com.br,inbox.lv,
  inbox.ru,interia.pl,internode.on.net,juno.com,kpnmail.nl,kolabnow.com,laposte.net,libero.it,list.ru,live.be,live.ca,live.co.uk,
  live.com,live.com.au,live.com.mx,live.de,live.fr,live.it,live.nl,mac.com,mail.bg,mail.com,mail.de,mail.ee,mail.ru,mailbox.org,
  mailfence.com,mailinator.com,mailo.com,me.com,msn.com,my.com,naver.com,neuf.fr,ntlworld.com,o2.pl,onet.pl,online.de,optonline.net,
  optusnet.com.au,orange.fr,outlook.at,outlook.be,outlook.cl,outlook.co.id,outlook.co.il,outlook.co.nz,outlook.co.th,outlook.com,
  outlook.com.au,outlook.com.br,outlook.cz,outlook.de,outlook.dk,outlook.es,outlook.fr,outlook.ie,outlook.in,outlook.it,outlook.jp,
  outlook.kr,outlook.pt,outlook.sa,passport.com,planet.nl,pm.me,pobox.com,posteo.de,posteo.net,proton.me,protonmail.ch,protonmail.com,
  qq.com,rambler.ru,rediffmail.com,riseup.net,rocketmail.com,rogers.com,runbox.com,sapo.pt,sbcglobal.net,seznam.cz,sfr.fr,shaw.ca,
  sina.cn,sina.com,sky.com,skynet.be,sohu.com,sympatico.ca,t-online.de,talktalk.net,telenet.be,telus.net,terra.com.br,tin.it,
  tiscali.co.uk,tiscali.it,tom.com,tuta.com,tuta.io,tutamail.com,tutanota.com,tutanota.de,uol.com.br,ukr.net,verizon.net,
  virgilio.it,virginmedia.com,wanadoo.fr,web.de,windowslive.com,windstream.net,wp.pl,xs4all.nl,xtra.co.nz,ya.ru,yahoo.ca,yahoo.co.id,
  yahoo.co.in,yahoo.co.jp,yahoo.co.kr,yahoo.co.nz,yahoo.co.th,yahoo.co.uk,yahoo.com,yahoo.com.ar,yahoo.com.au,yahoo.com.br,
  yahoo.com.cn,yahoo.com.hk,yahoo.com.mx,yahoo.com.ph,yahoo.com.sg,yahoo.com.tr,yahoo.com.tw,yahoo.com.vn,yahoo.de,yahoo.dk,yahoo.es,
  yahoo.fr,yahoo.gr,yahoo.ie,yahoo.in,yahoo.it,yahoo.no,yahoo.pl,yahoo.ro,yahoo.se,yandex.com,yandex.ru,yeah.net,ymail.com,yopmail.com,
  zoho.com,zohomail.com,ziggo.nl}'::text[]), 'mail';
insert into organizations.public_domains (domain, kind) select unnest('{
  ac.at,co.at,gv.at,or.at,com.au,edu.au,gov.au,id.au,net.au,org.au,ac.be,com.br,gov.br,net.br,org.br,gc.ca,com.cn,edu.cn,gov.cn,net.cn,
  org.cn,com.co,com.cy,com.de,com.ec,com.eg,com.es,nom.es,org.es,eu.com,com.fr,asso.fr,gouv.fr,com.gr,com.gt,com.hk,edu.hk,gov.hk,org.hk,
  ac.id,co.id,go.id,or.id,ac.il,co.il,gov.il,org.il,ac.in,co.in,firm.in,gen.in,gov.in,ind.in,net.in,org.in,gov.it,edu.it,ac.jp,ad.jp,co.jp,
  ed.jp,go.jp,gr.jp,lg.jp,ne.jp,or.jp,ac.ke,co.ke,ac.kr,co.kr,go.kr,ne.kr,or.kr,re.kr,com.mt,com.mx,gob.mx,org.mx,com.my,com.ng,ac.nz,
  co.nz,geek.nz,gen.nz,govt.nz,net.nz,org.nz,school.nz,com.pe,com.ph,com.pk,com.pl,edu.pl,gov.pl,net.pl,org.pl,com.pt,com.ro,co.rs,com.ru,
  com.sa,com.se,com.sg,edu.sg,gov.sg,net.sg,org.sg,co.th,ac.th,com.tr,gov.tr,com.tw,edu.tw,gov.tw,org.tw,com.ua,ac.uk,co.uk,gov.uk,
  ltd.uk,me.uk,net.uk,nhs.uk,org.uk,plc.uk,police.uk,sch.uk,com.uy,co.us,uk.com,us.com,com.ve,com.vn,ac.za,co.za,gov.za,net.za,
  org.za,co.zw,github.io,gitlab.io,herokuapp.com,netlify.app,pages.dev,vercel.app,web.app,workers.dev,azurewebsites.net,
  blogspot.com,wordpress.com,myshopify.com,cloudfront.net,amazonaws.com,fly.dev,onrender.com}'::text[]), 'suffix';

create table organizations.domains (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  domain text not null check (length(domain) <= 253 and domain ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$'),
  unicode_name text check (unicode_name is null or domain ~ '(^|\.)xn--' and unicode_name ~ '[^\x01-\x7f]' and length(unicode_name) <= 253),
  token text not null check (length(token) between 20 and 100),
  mode text not null default 'request' check (mode in ('request', 'join')),
  role_id uuid not null,
  created_by uuid not null,
  verified_at timestamptz,
  last_checked_at timestamptz,
  missing_since timestamptz,
  primary key (organization_id, id),
  unique (organization_id, domain),
  foreign key (organization_id, role_id) references organizations.roles on delete restrict,
  foreign key (organization_id, created_by) references organizations.memberships on delete cascade
);
comment on table organizations.domains is 'Mail domains that an organization says are its own, and whether it proved it. Sensitivity: medium.';
comment on column organizations.domains.organization_id is 'The organization that owns the row.';
comment on column organizations.domains.id is 'Identifier.';
comment on column organizations.domains.domain is 'The domain as the DNS knows it: lower case, other letters than a to z as xn--.';
comment on column organizations.domains.unicode_name is 'The same domain as people write it, where that differs.';
comment on column organizations.domains.token is 'What the TXT record must hold; public once it is there.';
comment on column organizations.domains.mode is 'request: a member approves who joins; join: they join at once.';
comment on column organizations.domains.role_id is 'The role that joiners get.';
comment on column organizations.domains.created_by is 'The member who added it.';
comment on column organizations.domains.verified_at is 'Since when the ownership is proved; null before, and after the record was gone for a week.';
comment on column organizations.domains.last_checked_at is 'When the record was last looked for.';
comment on column organizations.domains.missing_since is 'Since when the record of a proved domain is gone.';
comment on index organizations.domains_pkey is 'Finds a domain by id.';
comment on index organizations.domains_organization_id_domain_key is 'Finds a domain by its name.';
create index domains_by_role on organizations.domains (organization_id, role_id);
comment on index organizations.domains_by_role is 'Which domains give a role.';
create index domains_by_maker on organizations.domains (organization_id, created_by);
comment on index organizations.domains_by_maker is 'Which domains a member added.';
call kernel.tenant_table('organizations.domains', access => 'read', unrecorded => '{last_checked_at}');

-- A domain is unique across organizations only once it is proved. That is kept beside the tenant table, whose keys all begin
-- with the organization: a claim without proof keeps nobody out, and tells nobody anything.
create table organizations.verified_domains (
  domain text primary key check (length(domain) <= 253),
  unicode_name text unique check (length(unicode_name) <= 253),
  holder_id uuid not null references organizations.organizations on delete cascade
);
comment on table organizations.verified_domains is 'Which organization proved a domain; kept by trigger. Sensitivity: medium.';
comment on column organizations.verified_domains.domain is 'The domain as the DNS knows it.';
comment on column organizations.verified_domains.unicode_name is 'The domain as people write it, where that differs.';
comment on column organizations.verified_domains.holder_id is 'The organization.';
comment on index organizations.verified_domains_pkey is 'One organization per proved domain.';
comment on index organizations.verified_domains_unicode_name_key is 'Finds a proved domain as people write it.';
create index verified_domains_by_holder on organizations.verified_domains (holder_id);
comment on index organizations.verified_domains_by_holder is 'The proved domains of an organization.';
call kernel.global_table('organizations.verified_domains', 'select, insert, delete');

create function organizations.keep_verified_domain() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if tg_op <> 'INSERT' and old.verified_at is not null then
    delete from organizations.verified_domains v where v.domain = old.domain and v.holder_id = old.organization_id;
  end if;
  if tg_op <> 'DELETE' and new.verified_at is not null then
    insert into organizations.verified_domains (domain, unicode_name, holder_id) values (new.domain, new.unicode_name, new.organization_id);
  end if;
  return null;
end
$$;
comment on function organizations.keep_verified_domain() is 'Keeps the list of proved domains; fails where another organization proved the same.';
create trigger keep_verified after insert or delete or update of verified_at, domain on organizations.domains
  for each row execute function organizations.keep_verified_domain();

create function organizations.domain_of_address(address text) returns text
  language sql immutable parallel safe
  return lower(normalize(regexp_replace(address, '^.*@', '')));
comment on function organizations.domain_of_address(text) is 'The part of an e-mail address behind the @, in lower case.';

create function organizations.is_public_domain(name text) returns boolean
  language sql stable set search_path = ''
  begin atomic
    select exists (select from organizations.public_domains p
      where p.domain = name or p.kind = 'mail' and right(name, length(p.domain) + 1) = '.' || p.domain);
  end;
comment on function organizations.is_public_domain(text) is 'Whether everybody can have an address, or a name, there.';

create function organizations.describe_domain(d organizations.domains) returns jsonb
  language sql stable set search_path = ''
  begin atomic
    select jsonb_build_object('id', d.id, 'domain', d.domain, 'unicode_name', d.unicode_name, 'mode', d.mode,
      'role', (select jsonb_build_object('id', r.id, 'name', r.name) from organizations.roles r where r.organization_id = d.organization_id and r.id = d.role_id),
      'record', jsonb_build_object('name', '_tenon-challenge.' || d.domain, 'type', 'TXT', 'value', 'tenon-verification=' || d.token),
      'verified_at', d.verified_at, 'last_checked_at', d.last_checked_at, 'missing_since', d.missing_since, 'created_at', d.created_at);
  end;
comment on function organizations.describe_domain is 'A domain as members see it, with the record that proves it.';

-- What members do with the domains of their organization.

create function organizations.list_domains() returns jsonb
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('organization.domain.manage');
  return jsonb_build_object('items', (
    select coalesce(jsonb_agg(organizations.describe_domain(d) order by d.domain), '[]')
    from organizations.domains d where d.organization_id = kernel.organization_id()));
end
$$;
comment on function organizations.list_domains() is 'The domains of the organization entered.';

create function organizations.find_domain(domain uuid) returns organizations.domains
  language plpgsql set search_path = '' as $$
declare
  d organizations.domains;
begin
  call kernel.require_permission('organization.domain.manage');
  perform organizations.lock_organization(kernel.organization_id());
  select * into d from organizations.domains where organization_id = kernel.organization_id() and id = find_domain.domain for update;
  if d.id is null then
    raise exception 'There is no such domain' using errcode = 'TN010';
  end if;
  return d;
end
$$;
comment on function organizations.find_domain(uuid) is 'A domain of the organization entered, locked, for whoever may manage domains.';

create function organizations.read_domain(domain uuid) returns jsonb
  language sql security definer set search_path = ''
  return organizations.describe_domain(organizations.find_domain(domain));
comment on function organizations.read_domain(uuid) is 'One domain.';

create procedure organizations.require_joining_role(role uuid)
  language plpgsql set search_path = '' as $$
begin
  call organizations.require_roles(array[role]);
  if exists (
    select from organizations.role_permissions p
    where p.organization_id = kernel.organization_id() and p.role_id = role and p.permission = 'organization.own'
  ) then
    raise exception 'A domain makes nobody an owner' using errcode = 'TN012', hint = 'Choose a lesser role, and make owners one by one.';
  end if;
end
$$;
comment on procedure organizations.require_joining_role(uuid) is 'Raises unless a domain may give this role: one of the organization, within the rights of who asks, and no owner''s.';

create function organizations.add_domain(domain text, unicode_name text, token text, role uuid, mode text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  domains_max constant integer := 50;
  d organizations.domains;
begin
  call kernel.require_permission('organization.domain.manage');
  perform organizations.lock_organization(kernel.organization_id());
  call organizations.require_joining_role(role);
  if organizations.is_public_domain(domain) then
    raise exception 'Everybody can have an address at %', domain using errcode = 'TN012', hint = 'Use a domain that belongs to your organization alone.';
  elsif exists (select from organizations.domains x where x.organization_id = kernel.organization_id() and x.domain = add_domain.domain) then
    raise exception 'This domain is in the list already' using errcode = 'TN011', hint = 'Verify it, or change it there.';
  elsif (select count(*) from organizations.domains x where x.organization_id = kernel.organization_id()) >= domains_max then
    raise exception 'An organization has at most % domains', domains_max using errcode = 'TN011', hint = 'Remove one first.';
  end if;
  insert into organizations.domains (organization_id, domain, unicode_name, token, mode, role_id, created_by)
    values (kernel.organization_id(), add_domain.domain, add_domain.unicode_name, add_domain.token, add_domain.mode, role, kernel.user_id())
    returning * into d;
  return organizations.describe_domain(d);
end
$$;
comment on function organizations.add_domain is 'Adds a domain, which is good for nothing until it is proved.';

create function organizations.change_domain(domain uuid, mode text, role uuid) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  d organizations.domains := organizations.find_domain(domain);
begin
  -- Opening the door wider gives the role away too.
  call organizations.require_joining_role(coalesce(role, d.role_id));
  update organizations.domains x set mode = coalesce(change_domain.mode, x.mode), role_id = coalesce(role, x.role_id)
    where x.organization_id = d.organization_id and x.id = d.id returning * into d;
  return organizations.describe_domain(d);
end
$$;
comment on function organizations.change_domain is 'Changes how people join by a domain, and the role they get; null leaves it.';

call kernel.run_as_definer('organizations.keep_verified_domain');
call kernel.run_as_definer('organizations.list_domains');
call kernel.run_as_definer('organizations.read_domain');
call kernel.run_as_definer('organizations.add_domain');
call kernel.run_as_definer('organizations.change_domain');
grant execute on function organizations.domain_of_address, organizations.is_public_domain, organizations.describe_domain,
  organizations.find_domain to tenon_definer;
grant execute on procedure organizations.require_joining_role to tenon_definer;
grant execute on function organizations.list_domains, organizations.read_domain, organizations.add_domain, organizations.change_domain
  to tenon_member;
