import type pg from "pg";

/** An entry of the record, as the readers compare them. */
export type Entry = {
  seq: number;
  resource_id: string;
  old_values: { color?: string } | null;
  new_values: { color?: string } | null;
};

const COLUMNS = "seq::int as seq, resource_id, old_values, new_values";
const BATCH_MAX = 50;

type Queries = Pick<pg.ClientBase, "query">;

/** The next entries of a consumer, at most `batchMax`. */
export async function nextBatch(client: Queries, consumer: string, batchMax = BATCH_MAX): Promise<Entry[]> {
  const { rows } = await client.query<Entry>(`select ${COLUMNS} from audit.next_batch($1, $2)`, [consumer, batchMax]);
  return rows;
}

/** Everything that a consumer has not had yet, batch by batch. */
export async function drain(client: Queries, consumer: string, batchMax = BATCH_MAX): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const batch = await nextBatch(client, consumer, batchMax);
    if (batch.length === 0) return entries;
    entries.push(...batch);
  }
}

/** What is in the record behind a seq, in the order of writing; a reader that remembers the last seq asks nothing else. */
export async function entriesBehind(client: Queries, seq: number): Promise<Entry[]> {
  const { rows } = await client.query<Entry>(
    `select ${COLUMNS} from audit.audit_logs where seq > $1 order by audit_logs.seq`,
    [seq],
  );
  return rows;
}

/** The highest seq that is visible. */
export async function lastSeq(client: Queries): Promise<number> {
  const { rows } = await client.query<{ seq: number }>(
    "select coalesce(max(seq), 0)::int as seq from audit.audit_logs",
  );
  return rows[0]?.seq ?? 0;
}

export function seqsOf(entries: Entry[]): number[] {
  return entries.map(({ seq }) => seq);
}

/** The rows whose changes were delivered in another order than they happened: each must begin where the last one ended. */
export function rowsOutOfOrder(entries: Entry[]): string[] {
  const colors = new Map<string, string | undefined>();
  const broken = new Set<string>();
  for (const { resource_id, old_values, new_values } of entries) {
    if (colors.has(resource_id) && colors.get(resource_id) !== old_values?.color) broken.add(resource_id);
    colors.set(resource_id, new_values?.color);
  }
  return [...broken];
}
