import { tool as aiTool, type ToolSet } from "ai";
import { z } from "zod";
import { openEntrance } from "../../kernel/http/entering.ts";
import { problemOf } from "../../kernel/http/problem-document.ts";
import type { Noun, Nouns } from "../../kernel/nouns/noun.ts";
import { getRow } from "../../kernel/nouns/reading/get.ts";
import { listRows } from "../../kernel/nouns/reading/list.ts";
import { settingsOf } from "../../kernel/nouns/reading/parameters.ts";
import { queryReader } from "../../kernel/nouns/reading/query.ts";
import type { Context } from "../../kernel/tenancy/context.ts";

const ROWS_MAX = 20;
const ROWS_DEFAULT = 10;
/** Most characters that a tool gives a model. */
const OUTPUT_LENGTH_MAX = 24_000;
const WORDS_LENGTH_MAX = 200;

/** What a tool reads: a noun, the columns of it that models are shown, and those that rows are found by. */
type Reading = { noun: string; description: string; fields: readonly string[]; filters: readonly string[] };

const READINGS: Record<string, Reading> = {
  search_customers: {
    noun: "crm.customer",
    description:
      "Finds customers by words in their name, company or e-mail address, the latest first, or reads one by its id.",
    fields: [
      "id",
      "name",
      "company",
      "email",
      "phone",
      "stage",
      "status",
      "segment",
      "support_notes",
      "assigned_to",
      "created_at",
    ],
    filters: ["stage"],
  },
  search_projects: {
    noun: "projects.project",
    description:
      "Finds projects by words in their name, by state or by customer, the latest first, or reads one by its id.",
    fields: ["id", "name", "description", "status", "priority", "customer_id", "manager_id", "start_date", "due_date"],
    filters: ["status", "customer_id"],
  },
  search_tasks: {
    noun: "projects.task",
    description:
      "Finds tasks of projects by words in their title, by state or by project, the latest first, or reads one by its id.",
    fields: [
      "id",
      "project_id",
      "title",
      "description",
      "status",
      "priority",
      "assigned_to",
      "due_date",
      "estimated_minutes",
    ],
    filters: ["status", "project_id"],
  },
};

/** What a tool gave: JSON for the model, or why not, in words. */
export type ToolOutcome = { output: unknown } | { error: string };

type Input = {
  id?: string | undefined;
  words?: string | undefined;
  limit?: number | undefined;
  [filter: string]: unknown;
};

/**
 * The tools of these names, as the AI SDK offers them to a model. Each reads as the person who asks: it enters the organization with
 * their session or key and the permission that the noun takes, so a model sees what they may see. `note` is told of each use.
 */
export function toolsOf(
  context: Context,
  names: readonly string[],
  note: (name: string, input: unknown, outcome: ToolOutcome) => Promise<void>,
): ToolSet {
  const tools = names.flatMap((name) => {
    const reading = READINGS[name];
    if (!reading) return [];
    const execute = async (input: Input, { abortSignal }: { abortSignal?: AbortSignal }) => {
      const outcome = await read(context, name, reading, input, abortSignal);
      await note(name, input, outcome);
      return "error" in outcome ? { error: outcome.error } : outcome.output;
    };
    return [[name, aiTool({ description: reading.description, inputSchema: inputOf(reading), execute })] as const];
  });
  return Object.fromEntries(tools);
}

function inputOf({ filters }: Reading) {
  return z.object({
    id: z.uuid().optional().describe("Reads the one with this id."),
    words: z.string().max(WORDS_LENGTH_MAX).optional().describe("Words to be found."),
    ...Object.fromEntries(filters.map((name) => [name, z.string().max(WORDS_LENGTH_MAX).optional()])),
    limit: z.int().min(1).max(ROWS_MAX).optional().describe(`How many at most; ${ROWS_DEFAULT} unless told.`),
  });
}

async function read(
  context: Context,
  name: string,
  reading: Reading,
  input: Input,
  signal = new AbortController().signal,
): Promise<ToolOutcome> {
  const { database, services, credential, organization, request } = context;
  const noun = services.nouns.get(reading.noun);
  if (!noun || credential.kind === "claim") return { error: "This tool cannot be used here." };
  const wish = {
    credential,
    slug: organization.slug,
    permission: noun.read,
    operation: `assistant.tool.${name}`,
    request,
    signal,
  };
  try {
    const json = await openEntrance(database, services).enter(wish, (entered) =>
      readRows(entered, noun, reading, input),
    );
    if (json.length > OUTPUT_LENGTH_MAX)
      return { error: "This is too much to read. Ask for fewer, or for one by its id." };
    return { output: JSON.parse(json) };
  } catch (error) {
    const { code, detail, hint, errors } = problemOf(error);
    if (code === "internal") throw error;
    const faults = errors.map(({ field, message }) => `${field}: ${message}`);
    return {
      error:
        [code === "forbidden" ? "Not permitted." : undefined, detail, ...faults, hint].filter(Boolean).join(" ") ||
        code,
    };
  }
}

async function readRows(context: Context, noun: Noun, { fields, filters }: Reading, input: Input): Promise<string> {
  if (input.id !== undefined) return (await getRow(context, noun, { id: input.id })).json;
  const nouns: Nouns = new Map([...context.services.nouns.values()].map((each) => [each.table, each]));
  const query = new URLSearchParams({ fields: fields.join(","), limit: String(input.limit ?? ROWS_DEFAULT) });
  if (input.words) query.set("q", input.words);
  for (const name of filters) if (typeof input[name] === "string") query.set(name, input[name]);
  const asked = queryReader({ noun, nouns, settings: settingsOf(noun, nouns), filters: true })(query.toString());
  return (await listRows(context, noun, asked)).json;
}
