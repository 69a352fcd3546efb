import { stringify } from "csv-stringify/sync";
import { Problem } from "../../kernel/errors.ts";
import type { Download, JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import type { NewBenchmark, Split } from "./contract.ts";

/** So many items are read at once for a download. */
const ITEMS_A_PAGE = 2_000;

const INSERT_BENCHMARK = `
  insert into evaluation.benchmarks
    (organization_id, name, description, dataset_id, version_id, daily_quota, total_quota, deadline, public_percentage)
  select v.organization_id, $3, $4, v.dataset_id, v.id, $5, $6, $7, $8 from datasets.versions v where v.organization_id = $1 and v.id = $2
  returning id`;
const INSERT_METRICS = `
  insert into evaluation.benchmark_metrics (organization_id, benchmark_id, metric, is_primary, is_tie_breaker)
  select $1, $2, m.metric, m.place = 1, m.place = 2 from unnest($3::text[]) with ordinality as m (metric, place)`;
const INSERT_PARTICIPANTS = `
  insert into evaluation.participants (organization_id, benchmark_id, user_id) select distinct $1::uuid, $2::uuid, person from unnest($3::uuid[]) person`;

/** The benchmarks that the caller may see. */
export function listBenchmarks(context: Context): Promise<JsonText> {
  return askJson(context, "select evaluation.list_benchmarks()::text");
}

/** One benchmark. Throws not_found. */
export function readBenchmark(context: Context, { benchmark }: { benchmark: string }): Promise<JsonText> {
  return askJson(context, "select evaluation.read_benchmark($1)::text", [benchmark]);
}

/** Who stands where in a benchmark. Throws not_found. */
export function readLeaderboard(
  context: Context,
  { benchmark, split, cursor, limit }: { benchmark: string; split: Split; cursor?: string | undefined; limit: number },
): Promise<JsonText> {
  const text = "select evaluation.read_leaderboard($1, $2, $3, $4)::text";
  return askJson(context, text, [benchmark, split, cursor ?? null, limit]);
}

/** Makes a benchmark, its metrics and its first participants. Throws invalid, conflict where its name is taken. */
export function setUpBenchmark(context: Context, given: NewBenchmark): Promise<{ id: string }> {
  const { id: organization } = context.organization;
  return transaction(context, async (tx) => {
    const { version_id, name, description, daily_quota, total_quota, deadline, public_percentage } = given;
    const terms = [version_id, name, description, daily_quota, total_quota, deadline, public_percentage];
    const [made] = await tx.query<{ id: string }>(INSERT_BENCHMARK, [organization, ...terms]);
    if (!made)
      throw new Problem("invalid", {
        errors: [{ field: "version_id", message: "There is no such version of a dataset." }],
      });
    await tx.query(INSERT_METRICS, [organization, made.id, given.metrics]);
    await tx.query(INSERT_PARTICIPANTS, [organization, made.id, given.participants]);
    return { id: made.id };
  });
}

/** Opens, closes or archives a benchmark. Throws not_found, conflict where it is not ready for that. */
export function setBenchmarkStatus(
  context: Context,
  { benchmark, status }: { benchmark: string; status: string },
): Promise<JsonText> {
  return askJson(context, "select evaluation.set_benchmark_status($1, $2)::text", [benchmark, status]);
}

type Item = { position: number; id: string; input: unknown };

/** What is to be predicted, as a file that is read page by page. Throws not_found. */
export async function downloadItems(
  context: Context,
  { benchmark, format }: { benchmark: string; format: "csv" | "jsonl" },
): Promise<Download> {
  const first = await readItems(context, benchmark, 0);
  return {
    stream: itemLines(context, benchmark, first, format),
    mediaType: format === "csv" ? "text/csv" : "application/x-ndjson",
    fileName: `items.${format}`,
  };
}

async function readItems(context: Context, benchmark: string, after: number): Promise<Item[]> {
  const { json } = await askJson(context, "select evaluation.read_items($1, $2, $3)::text", [
    benchmark,
    after,
    ITEMS_A_PAGE,
  ]);
  return JSON.parse(json) as Item[];
}

async function* itemLines(
  context: Context,
  benchmark: string,
  first: Item[],
  format: "csv" | "jsonl",
): AsyncGenerator<string> {
  if (format === "csv") yield "position,id,input\r\n";
  for (let items = first; items.length > 0; ) {
    if (format === "jsonl") yield items.map((item) => `${JSON.stringify(item)}\n`).join("");
    else {
      const cells = items.map(({ position, id, input }) => [
        position,
        id,
        typeof input === "string" ? input : JSON.stringify(input),
      ]);
      yield stringify(cells, { escape_formulas: true, record_delimiter: "windows" });
    }
    items = await readItems(context, benchmark, items.at(-1)?.position ?? 0);
  }
}
