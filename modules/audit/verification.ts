import type pg from "pg";
import type { Keyring } from "../../kernel/secrets/keyring.ts";
import { isAuthentic, SEAL_COLUMNS, type Seal, sealHash } from "./seals.ts";

/** Something that is not as it was sealed. */
export type Fault = { seal: string; what: string };

/** Which seals to look at, and what one of them must be: the id and hash that somebody kept elsewhere. */
export type VerifyOptions = {
  from?: string | undefined;
  to?: string | undefined;
  expect?: { id: string; hash: string } | undefined;
  /** Gets each fault as it is found. */
  report: (fault: Fault) => void;
};

export type Verification = {
  seals: number;
  entries: number;
  /** Entries whose values or origin were erased since; what they said cannot be told, that they are unchanged can. */
  erased: number;
  /** Entries that are not sealed yet. */
  open: number;
  faults: number;
  last: { id: string; hash: string; sealedAt: Date } | undefined;
};

type StoredSeal = Seal & { digests: Buffer };

const SEALS_A_PAGE = 20;
const SEQ_BYTES = 8;
const DIGEST_BYTES = 32;
const ENTRY_BYTES = SEQ_BYTES + DIGEST_BYTES;
/** What a seal keeps of each entry: its seq and the beginning of its hash. */
const KEPT_DIGEST_BYTES = 8;
const KEPT_BYTES = SEQ_BYTES + KEPT_DIGEST_BYTES;
const NO_HASH = Buffer.alloc(DIGEST_BYTES);

/**
 * Works out anew what the seals of the record say, and reports what was changed, taken away or added since. It uses none of the
 * database's own functions, which whoever changes the record could change as well. Holds one range of entries at a time.
 * `admin` is a superuser's connection.
 */
export async function verifyRecord(
  admin: pg.ClientBase,
  keyring: Keyring,
  options: VerifyOptions,
): Promise<Verification> {
  const { from = "1", to, report } = options;
  const result: Verification = { seals: 0, entries: 0, erased: 0, open: 0, faults: 0, last: undefined };
  const tell = (seal: string, what: string) => {
    result.faults += 1;
    report({ seal, what });
  };
  await summarize(admin);
  let previous = await readSealBefore(admin, from);
  if (!previous && BigInt(from) > 1n) tell(String(BigInt(from) - 1n), "is missing");
  for await (const seal of sealsOf(admin, from, to)) {
    const range = await readRange(admin, seal.from_seq, seal.to_seq);
    for (const what of [...chainFaults(keyring, previous, seal, from), ...rangeFaults(seal, range)])
      tell(seal.id, what);
    result.seals += 1;
    result.entries += range.digests.length / ENTRY_BYTES;
    result.erased += range.erased;
    result.last = { id: seal.id, hash: seal.hash.toString("hex"), sealedAt: seal.sealed_at };
    previous = seal;
  }
  if (options.expect) for (const what of await expectationFaults(admin, options.expect)) tell(options.expect.id, what);
  for (const seq of await readImpossible(admin)) tell("1", `entry ${seq} was added`);
  result.open = await countOpen(admin);
  return result;
}

async function* sealsOf(admin: pg.ClientBase, from: string, to: string | undefined): AsyncGenerator<StoredSeal> {
  for (let next = from; ; ) {
    const seals = await readSeals(admin, next, to);
    yield* seals;
    const last = seals.at(-1);
    if (!last) return;
    next = String(BigInt(last.id) + 1n);
  }
}

/** Entries are numbered from 1, so no seal would look at these. */
async function readImpossible(admin: pg.ClientBase): Promise<string[]> {
  const { rows } = await admin.query<{ seq: string }>(
    "select seq from audit.audit_logs where seq <= 0 order by seq limit 10",
  );
  return rows.map(({ seq }) => seq);
}

/** A BRIN index reads whole what was written since its last summary; after a restore that is everything. */
async function summarize(admin: pg.ClientBase): Promise<void> {
  await admin.query(
    `select pg_catalog.brin_summarize_new_values(i.indexrelid)
     from pg_catalog.pg_inherits h join pg_catalog.pg_index i on i.indrelid = h.inhrelid
     join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_am a on a.oid = c.relam and a.amname = 'brin'
     where h.inhparent = 'audit.audit_logs'::pg_catalog.regclass`,
  );
}

async function readSeals(admin: pg.ClientBase, from: string, to: string | undefined): Promise<StoredSeal[]> {
  const { rows } = await admin.query<StoredSeal>(
    `select ${SEAL_COLUMNS}, digests from audit.seals where id >= $1 and ($2::bigint is null or id <= $2) order by id limit ${SEALS_A_PAGE}`,
    [from, to ?? null],
  );
  return rows;
}

async function readSealBefore(admin: pg.ClientBase, id: string): Promise<Seal | undefined> {
  const { rows } = await admin.query<Seal>(`select ${SEAL_COLUMNS} from audit.seals where id = $1 - 1`, [id]);
  return rows[0];
}

/** What is wrong with a seal itself, and with its place behind the one before. */
function chainFaults(keyring: Keyring, previous: Seal | undefined, seal: StoredSeal, from: string): string[] {
  const faults: string[] = [];
  const expected = previous ? BigInt(previous.id) + 1n : BigInt(from);
  if (BigInt(seal.id) !== expected) {
    const last = BigInt(seal.id) - 1n;
    faults.push(`follows a gap: ${last === expected ? `seal ${last} is` : `seals ${expected} to ${last} are`} missing`);
  } else if (previous || seal.id === "1") {
    const isLinked =
      seal.previous_hash.equals(previous?.hash ?? NO_HASH) && seal.from_seq === (previous?.to_seq ?? "0");
    if (!isLinked) faults.push("does not follow from the seal before");
  }
  const authentic = isAuthentic(keyring, seal);
  if (authentic === undefined) faults.push(`is signed with key ${seal.key_id}, which is not at hand`);
  else if (!authentic) faults.push("was changed: its signature is not right");
  return faults;
}

type Range = { digests: Buffer; erased: number };

function rangeFaults(seal: StoredSeal, { digests }: Range): string[] {
  const found = entriesOf(digests);
  const hash = sealHash(
    { ...seal, entries: found.length },
    found.map(({ digest }) => digest),
  );
  const kept = keptOf(seal.digests);
  const faults = compare(kept, found);
  if (hash.equals(seal.hash)) return faults.length > 0 ? ["was changed: its list of entries is not right"] : [];
  return faults.length > 0 ? faults : [`does not hold for the entries ${seal.from_seq} to ${seal.to_seq}`];
}

type Entry = { seq: bigint; digest: Buffer };

function entriesOf(digests: Buffer): Entry[] {
  return Array.from({ length: digests.length / ENTRY_BYTES }, (_, index) => {
    const start = index * ENTRY_BYTES;
    return { seq: digests.readBigInt64BE(start), digest: digests.subarray(start + SEQ_BYTES, start + ENTRY_BYTES) };
  });
}

function keptOf(kept: Buffer): Entry[] {
  return Array.from({ length: Math.floor(kept.length / KEPT_BYTES) }, (_, index) => {
    const start = index * KEPT_BYTES;
    return { seq: kept.readBigInt64BE(start), digest: kept.subarray(start + SEQ_BYTES, start + KEPT_BYTES) };
  });
}

/** Both lists are in the order of seq. */
function compare(kept: Entry[], found: Entry[]): string[] {
  const faults: string[] = [];
  let [a, b] = [0, 0];
  while (a < kept.length || b < found.length) {
    const [left, right] = [kept[a], found[b]];
    if (left && (!right || left.seq < right.seq)) {
      faults.push(`entry ${left.seq} is missing`);
      a += 1;
    } else if (right && (!left || right.seq < left.seq)) {
      faults.push(`entry ${right.seq} was added`);
      b += 1;
    } else {
      if (left && right && !left.digest.equals(right.digest.subarray(0, KEPT_DIGEST_BYTES)))
        faults.push(`entry ${left.seq} was changed`);
      a += 1;
      b += 1;
    }
  }
  return faults;
}

async function expectationFaults(admin: pg.ClientBase, expect: { id: string; hash: string }): Promise<string[]> {
  const { rows } = await admin.query<{ hash: Buffer }>("select hash from audit.seals where id = $1", [expect.id]);
  if (!rows[0])
    return ["is missing, though it was there: the end of the record was cut off, or an older backup restored"];
  return rows[0].hash.toString("hex") === expect.hash ? [] : ["is another one than it was"];
}

async function countOpen(admin: pg.ClientBase): Promise<number> {
  const { rows } = await admin.query<{ open: string }>(
    `select pg_catalog.count(*) as open from audit.audit_logs
     where seq > (select coalesce(pg_catalog.max(to_seq), 0) from audit.seals)`,
  );
  return Number(rows[0]?.open);
}

async function readRange(admin: pg.ClientBase, from: string, to: string): Promise<Range> {
  const { rows } = await admin.query<Range>(RANGE, [from, to]);
  return rows[0] ?? { digests: Buffer.alloc(0), erased: 0 };
}

const hashOf = (text: string) =>
  `coalesce(pg_catalog.sha256(pg_catalog.convert_to(${text}, 'UTF8')), '\\x${"00".repeat(DIGEST_BYTES)}'::pg_catalog.bytea)`;

/** What migration 0014 makes of an entry, told once more without its functions. */
const RANGE = `
  select coalesce(pg_catalog.string_agg(pg_catalog.int8send(d.seq) || d.digest, '' order by d.seq, d.digest), '') as digests,
         pg_catalog.count(*) filter (where d.is_erased)::pg_catalog.int4 as erased
  from (
    select e.seq, e.erased_values is not null or e.erased_origin is not null as is_erased, pg_catalog.sha256(
      pg_catalog.convert_to(pg_catalog.json_build_array(
        e.organization_id, e.id, (extract(epoch from e.created_at) * 1000000)::pg_catalog.int8, e.seq, e.actor_kind,
        e.user_id, e.impersonator_id, e.api_key_id, e.operation, e.action, e.resource_type,
        e.resource_id, e.import_id, e.request_id)::pg_catalog.text, 'UTF8')
      || coalesce(e.erased_values, pg_catalog.sha256(pg_catalog.substr(e.salt, 1, 8)
        || ${hashOf("e.old_values::pg_catalog.text")} || ${hashOf("e.new_values::pg_catalog.text")} || ${hashOf("e.details::pg_catalog.text")}))
      || coalesce(e.erased_origin, pg_catalog.sha256(pg_catalog.substr(e.salt, 9, 8)
        || ${hashOf("e.ip_address::pg_catalog.text")} || ${hashOf("e.user_agent")}))) as digest
    from audit.audit_logs e where e.seq > $1 and e.seq <= $2
  ) d`;
