-- Seals: what makes a change of the record itself evident. Entries are sealed in ranges, each seal holding the hash of the one
-- before, and each signed by a server with a key that the database does not have.

-- What a seal knows an entry by: a hash of every column but xid, which a restore makes anew. Values and origin enter as hashes of
-- their own, salted, so that they can be erased and the seal still holds.

create function audit.hash(content text) returns bytea
  language sql immutable parallel safe
  return coalesce(sha256(convert_to(content, 'UTF8')), decode(repeat('00', 32), 'hex'));
comment on function audit.hash(text) is 'SHA-256 of a text; zeros for none.';

create function audit.values_digest(entry audit.audit_logs) returns bytea
  language sql immutable parallel safe
  return coalesce(entry.erased_values, sha256(
    substr(entry.salt, 1, 8) || audit.hash(entry.old_values::text) || audit.hash(entry.new_values::text) || audit.hash(entry.details::text)));
comment on function audit.values_digest is 'The salted hash of an entry''s values, the same once they are erased.';

create function audit.origin_digest(entry audit.audit_logs) returns bytea
  language sql immutable parallel safe
  return coalesce(entry.erased_origin, sha256(
    substr(entry.salt, 9, 8) || audit.hash(entry.ip_address::text) || audit.hash(entry.user_agent)));
comment on function audit.origin_digest is 'The salted hash of where an entry came from, the same once that is erased.';

create function audit.entry_digest(entry audit.audit_logs) returns bytea
  language sql stable parallel safe
  return sha256(convert_to(json_build_array(
      entry.organization_id, entry.id, (extract(epoch from entry.created_at) * 1000000)::bigint, entry.seq, entry.actor_kind,
      entry.user_id, entry.impersonator_id, entry.api_key_id, entry.operation, entry.action, entry.resource_type,
      entry.resource_id, entry.import_id, entry.request_id)::text, 'UTF8')
    || audit.values_digest(entry) || audit.origin_digest(entry));
comment on function audit.entry_digest is 'The hash by which a seal knows an entry.';

create table audit.seals (
  id bigint primary key check (id > 0),
  from_seq bigint not null unique,
  to_seq bigint not null check (to_seq > from_seq),
  entries integer not null check (entries > 0),
  digests bytea not null check (octet_length(digests) = entries * 16),
  previous_hash bytea not null check (octet_length(previous_hash) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  signature bytea not null check (octet_length(signature) = 32),
  key_id text not null references kernel.keys on delete restrict,
  system_identifier bigint not null,
  sealed_at timestamptz not null
);
comment on table audit.seals is 'The seals of the record, a chain without gaps. Sensitivity: medium.';
comment on column audit.seals.id is 'The seals'' own count, from 1 without a gap.';
comment on column audit.seals.from_seq is 'It holds the entries behind this seq …';
comment on column audit.seals.to_seq is '… up to this one.';
comment on column audit.seals.entries is 'How many entries it holds.';
comment on column audit.seals.digests is 'For each entry its seq and the first 8 bytes of its hash: tells which entry it is that changed.';
comment on column audit.seals.previous_hash is 'The hash of the seal before; zeros at the first.';
comment on column audit.seals.hash is 'SHA-256 of the hash before, the count, the range, and the hashes of the entries by seq.';
comment on column audit.seals.signature is 'HMAC-SHA256 of all this under a key derived from the installation''s, which is not in the database.';
comment on column audit.seals.key_id is 'The installation''s key it is signed with.';
comment on column audit.seals.system_identifier is 'The database cluster that it was made in.';
comment on column audit.seals.sealed_at is 'When it was made.';
comment on index audit.seals_pkey is 'Finds a seal; the last one is what the next is chained to.';
comment on index audit.seals_from_seq_key is 'A seal begins where one ends, and only one does.';
create index seals_by_key on audit.seals (key_id);
comment on index audit.seals_by_key is 'Which seals a rotation has yet to sign anew.';
call kernel.global_table('audit.seals', 'select, insert');

create function audit.guard_seal() returns trigger
  language plpgsql set search_path = '' as $$
declare
  signed_anew constant text[] := '{signature,key_id}';
begin
  if to_jsonb(new) - signed_anew = to_jsonb(old) - signed_anew then
    return new;
  end if;
  raise exception 'The seals are append-only: update is refused' using errcode = 'restrict_violation';
end
$$;
comment on function audit.guard_seal() is 'A seal never changes; a rotation of the key signs it anew.';
create trigger append_only before delete on audit.seals for each row execute function kernel.refuse_change('The seals');
create trigger append_only_whole before truncate on audit.seals for each statement execute function kernel.refuse_change('The seals');
create trigger sign_anew before update on audit.seals for each row execute function audit.guard_seal();

create table audit.seal_candidates (
  only_row boolean primary key default true check (only_row),
  system_identifier bigint not null,
  last_seq bigint not null,
  horizon xid8 not null
);
comment on table audit.seal_candidates is 'Up to where the record is sealed as soon as nobody writes there any more. Sensitivity: low.';
comment on column audit.seal_candidates.only_row is 'There is one row at most.';
comment on column audit.seal_candidates.system_identifier is 'The database cluster that the transaction id belongs to; another one after a restore.';
comment on column audit.seal_candidates.last_seq is 'The last seq that had been handed out.';
comment on column audit.seal_candidates.horizon is 'Whoever was handed one has an older transaction id than this.';
comment on index audit.seal_candidates_pkey is 'There is one row at most.';
call kernel.global_table('audit.seal_candidates', 'select, insert, update, delete');
grant select on sequence audit.entry_seq to tenon_definer;

/*
  An entry is numbered by a transaction that has its id already. So the last number is read first and an id is taken after:
  whoever may still write an entry with a number up to that one has an older id, and nobody has to wait for anybody.
*/
create function audit.note_seal_candidate() returns void
  language plpgsql security definer set search_path = '' as $$
declare
  cluster constant bigint := (select system_identifier from pg_control_system());
  last bigint;
begin
  if pg_current_xact_id_if_assigned() is not null then
    raise exception 'A seal is prepared in a transaction that has not written yet';
  end if;
  select case when is_called then last_value else last_value - 1 end into last from audit.entry_seq;
  insert into audit.seal_candidates as c (system_identifier, last_seq, horizon) values (cluster, last, pg_current_xact_id())
    on conflict (only_row) do update set (system_identifier, last_seq, horizon) = (excluded.system_identifier, excluded.last_seq, excluded.horizon)
      where c.system_identifier <> excluded.system_identifier;
end
$$;
comment on function audit.note_seal_candidate() is 'Notes up to where the record can be sealed later, unless that is noted.';
call kernel.run_as_definer('audit.note_seal_candidate');

create function audit.range_of(after bigint, upto bigint, out entries integer, out digests bytea, out whole bytea)
  language sql stable set search_path = ''
  begin atomic
    select count(*)::integer, string_agg(int8send(e.seq) || substr(e.digest, 1, 8), '' order by e.seq), string_agg(e.digest, '' order by e.seq)
    from (
      select a.seq, audit.entry_digest(a) as digest from audit.audit_logs a where a.seq > after and a.seq <= upto
    ) e;
  end;
comment on function audit.range_of(bigint, bigint) is 'The entries of a range: how many, what tells them apart, and all their hashes by seq.';

create function audit.next_seal(
  out id bigint, out from_seq bigint, out to_seq bigint, out entries integer, out digests bytea,
  out previous_hash bytea, out hash bytea, out system_identifier bigint
) returns setof record
  language plpgsql security definer set search_path = '' as $$
declare
  seqs_max constant integer := 10000;
  candidate audit.seal_candidates;
  first_seq bigint;
  whole bytea;
begin
  select * into candidate from audit.seal_candidates;
  system_identifier := (select c.system_identifier from pg_control_system() c);
  if candidate is null or candidate.system_identifier <> next_seal.system_identifier
    or pg_snapshot_xmin(pg_current_snapshot()) < candidate.horizon then
    return;
  end if;
  select s.id + 1, s.to_seq, s.hash into id, from_seq, previous_hash from audit.seals s order by s.id desc limit 1;
  if not found then
    id := 1;
    from_seq := 0;
    previous_hash := decode(repeat('00', 32), 'hex');
  end if;

  to_seq := least(from_seq + seqs_max, candidate.last_seq);
  select r.entries, r.digests, r.whole into entries, digests, whole from audit.range_of(from_seq, to_seq) r;
  if entries = 0 then
    -- Numbers of transactions that were rolled back: it goes on behind them.
    select min(a.seq) into first_seq from audit.audit_logs a where a.seq > next_seal.to_seq and a.seq <= candidate.last_seq;
    if first_seq is null then
      delete from audit.seal_candidates c where c.horizon = candidate.horizon;
      return;
    end if;
    to_seq := least(first_seq - 1 + seqs_max, candidate.last_seq);
    select r.entries, r.digests, r.whole into entries, digests, whole from audit.range_of(from_seq, to_seq) r;
  end if;
  hash := sha256(previous_hash || int8send(entries) || int8send(from_seq) || int8send(to_seq) || whole);
  return next;
end
$$;
comment on function audit.next_seal() is 'What the next seal would say, once nobody can write into its range any more; no row before that, and none when all is sealed.';
call kernel.run_as_definer('audit.next_seal');

create function audit.add_seal(
  id bigint, from_seq bigint, to_seq bigint, entries integer, digests bytea, previous_hash bytea, hash bytea,
  signature bytea, key_id text, system_identifier bigint, sealed_at timestamptz
) returns boolean
  language plpgsql security definer set search_path = '' as $$
begin
  insert into audit.seals
    select add_seal.id, add_seal.from_seq, add_seal.to_seq, add_seal.entries, add_seal.digests, add_seal.previous_hash, add_seal.hash,
           add_seal.signature, add_seal.key_id, add_seal.system_identifier, add_seal.sealed_at
    where add_seal.to_seq <= (select c.last_seq from audit.seal_candidates c)
      and (coalesce((select max(s.id) from audit.seals s), 0) + 1 = add_seal.id)
      and add_seal.from_seq = coalesce((select s.to_seq from audit.seals s order by s.id desc limit 1), 0)
    on conflict do nothing;
  return found;
end
$$;
comment on function audit.add_seal is 'Adds a signed seal to the chain; false when another process was faster.';
call kernel.run_as_definer('audit.add_seal');

grant execute on function audit.hash, audit.values_digest, audit.origin_digest, audit.entry_digest, audit.range_of to tenon_definer;
grant execute on function audit.note_seal_candidate, audit.next_seal, audit.add_seal to tenon_dispatcher;
