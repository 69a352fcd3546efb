import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { readConfig } from "../kernel/config.ts";
import { FORMATS, type Format, type Request, writeDocument, writeDocuments } from "../kernel/data-model/document.ts";
import type { Catalog } from "../kernel/database/catalog/catalog.ts";
import { readCatalog } from "../kernel/database/catalog/read.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { readMigrations } from "../kernel/database/migrate.ts";
import { parseDatabaseUrl } from "../kernel/database/server.ts";
import { MIGRATIONS_FOLDER, openInstallation } from "../kernel/installation.ts";
import { writeDesign } from "./data-model-design.ts";

type Options = {
  format: Format;
  spec?: string;
  out?: string;
  check?: boolean;
  database?: string;
  schema?: string[];
  design?: string;
};

/** A file that the command writes, or holds against what it would write. */
type Output = { path: string; text: string };

/** `tenon data-model`: writes down the tables of a domain as they are, of this database or of any other, or as they are to be. */
export function dataModelCommand(): Command {
  return new Command("data-model")
    .description("describe tables, or design new ones")
    .argument("[words...]", "what it is about, or names of modules or tables; nothing means everything")
    .addOption(new Option("--format <format>", "what to write").choices(Object.keys(FORMATS)).default("markdown"))
    .option("--spec <path>", "the specification that the document names")
    .option("--out <file>", "the file to write; a folder gets a file for each schema")
    .option("--check", "write nothing, and exit with 1 when the file of --out says something else")
    .option("--database <url>", "another database than that of this installation")
    .option("--schema <name>", "only this schema; may be given several times", (name, others: string[] = []) => [
      ...others,
      name,
    ])
    .option("--design <file>", "make the migration and the document of the entities in this YAML or JSON file")
    .addHelpText(
      "after",
      `
With --design nothing of the installation changes: the migration is proved in a database of its own, which is dropped again.
--out then names a folder, which gets <module>.sql and <module>.md; without it both are printed. docs/data-model.md tells
what the file may say.`,
    )
    .action((words: string[], options: Options) =>
      options.design === undefined ? documentModel(words, options) : designModel(words, options, options.design),
    );
}

async function designModel(words: string[], options: Options, design: string): Promise<void> {
  const { check, database, schema, format, out, spec } = options;
  const useless = [
    ...(words.length > 0 ? ["words"] : []),
    ...(check ? ["--check"] : []),
    ...(database === undefined ? [] : ["--database"]),
    ...(schema === undefined ? [] : ["--schema"]),
    ...(format === "markdown" ? [] : ["--format"]),
  ];
  if (useless.length > 0) throw new Error(`--design reads its file alone: leave out ${useless.join(" and ")}.`);
  await writeDesign({ design, out, spec });
}

async function documentModel(words: string[], options: Options): Promise<void> {
  if (options.check && !options.out) throw new Error("--check needs --out: the file to hold against the database.");
  const catalog = await withCatalog(options);
  const migrations = catalog.tenon ? await readMigrations(MIGRATIONS_FOLDER) : [];
  const request = { words, format: options.format, spec: options.spec, migrations, today: dayOf(options) };
  if (options.out === undefined) {
    const { text, unmatched } = writeDocument(catalog, request);
    reportUnmatched(unmatched);
    process.stdout.write(text);
    return;
  }
  const outputs = outputsOf(catalog, request, options.out);
  if (options.check) checkFiles(outputs);
  else await writeFiles(outputs);
}

async function withCatalog({ database, schema }: Options): Promise<Catalog> {
  if (database !== undefined)
    return withConnection(parseDatabaseUrl(database), (client) => readCatalog(client, schema));
  // The document goes to the standard output, and nothing else does.
  const installation = await openInstallation(readConfig(), console.error);
  try {
    return await withConnection(installation.server.admin, (client) => readCatalog(client, schema));
  } finally {
    await installation.close();
  }
}

/** Today; but a document that is checked keeps the day on which it was written. */
function dayOf({ check, out }: Options): string {
  const today = new Date().toISOString().slice(0, 10);
  if (!check || out === undefined || !existsSync(out) || statSync(out).isDirectory()) return today;
  return /(?:\*\*Date\*\*: |"date": ")(\d{4}-\d{2}-\d{2})/.exec(readFileSync(out, "utf8"))?.[1] ?? today;
}

function outputsOf(catalog: Catalog, request: Request, out: string): Output[] {
  const isFolder = out.endsWith("/") || (existsSync(out) && statSync(out).isDirectory());
  if (!isFolder) {
    const { text, unmatched } = writeDocument(catalog, request);
    reportUnmatched(unmatched);
    return [{ path: out, text }];
  }
  if (request.words.length > 0) throw new Error(`${out} is a folder, which gets all schemas: leave the words out.`);
  const documents = writeDocuments(catalog, request);
  return [...documents].map(([name, text]) => ({ path: join(out, fileName(name, request.format)), text }));
}

function fileName(schema: string, format: Format): string {
  return `${schema.replace(/[^\p{L}\p{N}_-]/gu, "_")}.${FORMATS[format]}`;
}

function reportUnmatched(words: string[]): void {
  if (words.length > 0) console.error(`Nothing in this database is about: ${words.join(", ")}.`);
}

async function writeFiles(outputs: Output[]): Promise<void> {
  for (const { path, text } of outputs) {
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, text);
    console.log(`Written: ${path}`);
  }
}

function checkFiles(outputs: Output[]): void {
  for (const { path, text } of outputs) {
    const difference = existsSync(path) ? firstDifference(readFileSync(path, "utf8"), text) : "it is not there";
    if (difference === undefined) continue;
    console.error(`${path} is stale: ${difference}`);
    process.exitCode = 1;
  }
  if (process.exitCode !== 1) console.log("The data model is as it is written down.");
}

/** Where two texts first differ, as a sentence for people; undefined when they are the same. */
function firstDifference(found: string, expected: string): string | undefined {
  if (found === expected) return undefined;
  const [there, wanted] = [found.split("\n"), expected.split("\n")];
  const line = wanted.findIndex((text, index) => text !== there[index]);
  const place = line === -1 ? wanted.length : line;
  return `line ${place + 1} is\n  ${there[place] ?? "(nothing)"}\nand should be\n  ${wanted[place] ?? "(nothing)"}`;
}
