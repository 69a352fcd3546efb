-- What lists of nouns ask beside their tables.

create function kernel.require_held(permissions text[]) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  held constant jsonb := kernel.actor_permissions();
  missing constant text := (select p from unnest(permissions) p where kernel.role_serves(session_user, held ->> p) is not true limit 1);
begin
  if missing is not null then
    raise exception 'Permission % is missing', missing using errcode = 'TN003', hint = 'Ask an administrator of the organization for it.';
  end if;
end
$$;
comment on function kernel.require_held(text[]) is
  'Raises TN003 unless who entered holds each permission in a scope that this connection''s role serves: rows of another table go along.';
call kernel.run_as_definer('kernel.require_held');
grant execute on function kernel.require_held to tenon_member, tenon_own, tenon_client, tenon_steward;

-- Searching by words. Bodies that the planner takes into the statement: an index over trigrams serves the first.
create function kernel.is_like(words text, wanted text) returns boolean
  language sql stable parallel safe
  return words operator(extensions.%>) wanted;
comment on function kernel.is_like(text, text) is 'Whether some of the words are nearly what is wanted.';

create function kernel.likeness(words text, wanted text) returns real
  language sql immutable parallel safe
  return extensions.word_similarity(wanted, words) + extensions.similarity(wanted, words);
comment on function kernel.likeness(text, text) is 'How near the words come to what is wanted, 0 to 2: first whether it stands in them, then whether there is little else.';
grant execute on function kernel.is_like, kernel.likeness to tenon_member, tenon_own, tenon_client, tenon_steward, tenon_worker;
