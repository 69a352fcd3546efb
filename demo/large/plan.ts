/** How much is made. */
export type Size = { organizations: number; scale: number };

/** What `--scale 1` makes, over all organizations. */
const ROWS = { labeling_tasks: 1_000_000, customers: 200_000, orders: 500_000, events: 5_000_000 } as const;

export type Kind = keyof typeof ROWS;
export const KINDS = Object.keys(ROWS) as Kind[];

/** Fewer, and the smallest organizations would have none. */
const ROWS_PER_ORGANIZATION_MIN = 10;

/** How many rows of a kind there are at a scale, over all organizations. */
export function rowsOf(kind: Kind, { organizations, scale }: Size): number {
  return Math.max(Math.round(ROWS[kind] * scale), ROWS_PER_ORGANIZATION_MIN * organizations);
}

/**
 * A statement that fills a table. With a kind, `sql` ends after its select list, and is run for every share `s` of an organization
 * and every number `n` of it, in chunks.
 */
export type Step = { title: string; sql: string; kind?: Kind; join?: string; also?: string; where?: string };

/** Rows that one statement makes at most, so that progress is seen. */
export const CHUNK = 500_000;

export const DAYS = 90;

/**
 * Functions that last as long as the session. The hash of a number stands in for chance, so that the same rows come out each
 * time; ids carry what they are of and count up, so that the rows of an organization lie together.
 */
export const FUNCTIONS = `
  create function pg_temp.id_of(kind integer, n bigint) returns uuid language sql immutable parallel safe
    return ('0190000000' || lpad(to_hex(kind), 2, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid;
  create function pg_temp.chance(n bigint, seed integer, faces integer) returns integer language sql immutable parallel safe
    return ((hashint8extended(n, seed) % faces + faces) % faces)::integer;
  create function pg_temp.moment(n bigint, seed integer) returns timestamptz language sql stable parallel safe
    return date_trunc('second', now()) - pg_temp.chance(n, seed, ${DAYS * 86_400}) * interval '1 second';`;

/** Whose id it is: the second part of the id. */
export const ID = {
  organization: 1,
  person: 2,
  project: 3,
  dataset: 4,
  choice: 5,
  item: 6,
  task: 7,
  assignment: 8,
  label: 9,
  review: 10,
  customer: 11,
  store: 12,
  order: 13,
  event: 14,
  stage: 15,
} as const;

/**
 * Which rows of each kind are whose: from behind `low` to `high`. The first organization has by far the most, the last ones few:
 * with 200 of them about a sixth of all rows against less than two in a thousand.
 */
export const SHARES = `
  create temporary table shares as
  select o.place, o.id as organization_id, k.kind, floor(k.count * power((o.place - 1)::float8 / $1, 1 / 3.0))::bigint as low,
         floor(k.count * power(o.place::float8 / $1, 1 / 3.0))::bigint as high
  from large_organizations o cross join unnest($2::text[], $3::bigint[]) as k (kind, count)`;
