import { openAsBlob } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { ApiProblem } from "../client/problem.ts";
import { type Tenon, tenon } from "../client/tenon.ts";
import { readApiKey } from "../kernel/config.ts";
import {
  listBenchmarks,
  readSubmission,
  type Submission,
  type SubmissionResult,
  submitPredictions,
} from "../modules/evaluation/contract.ts";
import { tableOf } from "./table.ts";

const LOOK_AGAIN_MS = 500;
/** So many bad rows are printed; the others are counted. */
const ERRORS_PRINTED = 20;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HELP = `
The file has a row for each item: its position or id, and the predicted label.

position,label                    {"position": 1, "label": "card_arrival"}
1,card_arrival                    {"id": "0199…", "label": "card_lost"}

The key is read from TENON_API_KEY or a file; it needs evaluation.leaderboard.read and evaluation.submission.write, and acts as its member, who
must take part in the benchmark. Exits with 1 when a row is wrong or the scoring fails.`;

type Options = {
  server: string;
  organization: string;
  benchmark: string;
  keyFile?: string;
  name?: string;
  format?: "csv" | "jsonl";
  dryRun?: true;
};

/** `tenon submit`: hands predictions in to a benchmark of any installation, and waits for their scores. */
export function submitCommand(): Command {
  return new Command("submit")
    .description("hand in predictions and wait for their scores")
    .argument("<file>", "predictions: CSV, or JSON lines")
    .requiredOption("--server <url>", "where the installation is, such as https://tenon.example.com", address)
    .requiredOption("--organization <slug>", "the organization's name in addresses")
    .requiredOption("--benchmark <benchmark>", "the benchmark's name or id")
    .option("--key-file <file>", "a file that holds the API key, instead of TENON_API_KEY")
    .option("--name <words>", "what you call this submission; the file's name where it is not given")
    .addOption(
      new Option("--format <format>", "what the file is, where its name does not tell").choices(["csv", "jsonl"]),
    )
    .option("--dry-run", "only look for what is wrong with the file")
    .addHelpText("after", HELP)
    .action(submit);
}

async function submit(file: string, options: Options): Promise<void> {
  const { server, organization } = options;
  const token = options.keyFile === undefined ? readApiKey() : (await readFile(options.keyFile, "utf8")).trim();
  if (!token) throw new Error("There is no API key. Set TENON_API_KEY, or give a file that holds it with --key-file.");
  const api = tenon({ url: server, token });
  try {
    const benchmark = await findBenchmark(api, options);
    const result = await handIn(api, benchmark, file, options);
    const { submission } = result;
    if (result.errors_total > 0) printErrors(result);
    else if (!submission) console.log(`${foundIn(result)} Nothing was handed in: this was a dry run.`);
    else {
      console.log(`${foundIn(result)} Submission ${submission.id}`);
      printEnd(await follow(api, organization, submission));
    }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { detail, title, hint } = error.problem;
    throw new Error([detail ?? title, hint].filter(Boolean).join(" "), { cause: error.cause });
  }
}

async function findBenchmark(api: Tenon, { organization, benchmark }: Options): Promise<string> {
  if (ID.test(benchmark)) return benchmark;
  const { items } = await api.call(listBenchmarks, { params: { organization } });
  const found = items.find(({ name }) => name === benchmark);
  if (found) return found.id;
  const names = items.map(({ name }) => `"${name}"`).join(", ");
  throw new Error(`There is no benchmark "${benchmark}" that you take part in. There are: ${names || "none"}.`);
}

async function handIn(api: Tenon, benchmark: string, file: string, options: Options): Promise<SubmissionResult> {
  const { organization, name = basename(file), dryRun: dry_run = false } = options;
  const format = options.format ?? (/\.(jsonl|ndjson|json)$/i.test(file) ? "jsonl" : "csv");
  const type = format === "csv" ? "text/csv" : "application/x-ndjson";
  const blob = await openAsBlob(file, { type });
  const query = { name: name.slice(0, 200), format, dry_run };
  return api.call(submitPredictions, { params: { organization, benchmark }, query }, { file: blob });
}

function foundIn({ predicted, missing }: SubmissionResult): string {
  const wrong = missing === 0 ? "" : `; ${missing} items have none, and count as wrong`;
  return `${predicted} predictions${wrong}.`;
}

function printErrors({ errors, errors_total }: SubmissionResult): void {
  const shown = errors.slice(0, ERRORS_PRINTED);
  console.error(
    tableOf(
      ["line", "column", "reason"],
      shown.map(({ line, column, reason }) => [String(line), column ?? "-", reason]),
    ),
  );
  if (errors_total > shown.length) console.error(`… and ${errors_total - shown.length} more`);
  console.error("Nothing was handed in: a file goes in whole or not at all.");
  process.exitCode = 1;
}

/** Prints how far a submission is whenever that changes, until it is over. */
async function follow(api: Tenon, organization: string, submission: Submission): Promise<Submission> {
  let told = "";
  for (let seen = submission; ; ) {
    const now = seen.progress === null ? seen.status : `${seen.status}, ${seen.progress} %`;
    if (now !== told) console.log(now);
    told = now;
    if (seen.status === "completed" || seen.status === "failed") return seen;
    await delay(LOOK_AGAIN_MS);
    seen = await api.call(readSubmission, { params: { organization, submission: submission.id } });
  }
}

function printEnd({ status, error_code, error, scores, rank }: Submission): void {
  if (status === "failed") {
    console.error(`${error_code ?? "failed"}: ${error}`);
    process.exitCode = 1;
    return;
  }
  if (scores)
    console.log(
      tableOf(
        ["metric", "score"],
        Object.entries(scores).map(([metric, score]) => [metric, score.toFixed(6)]),
      ),
    );
  else console.log("No score is shown while the benchmark is open.");
  if (rank !== null) console.log(`Rank ${rank}`);
}

function address(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError("Give an address such as https://tenon.example.com.");
}
