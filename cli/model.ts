import { Command, InvalidArgumentError } from "commander";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { openInstallation } from "../kernel/installation.ts";
import { listModel, unlistModel } from "../modules/assistant/public.ts";
import { CREDIT } from "../modules/credits/public.ts";

const PRICE_MAX = 1_000_000;
const TOKENS_MAX = 100_000_000;

/** `tenon model`: which models the assistant's members can ask, and what they cost. */
export function modelCommand(): Command {
  const set = new Command("set")
    .description("list a model for the organizations that connect its provider, or give it other prices")
    .argument("<name>", "the model, in small letters, such as gpt-5-mini or llama3.2", modelName)
    .requiredOption(
      "--provider <name>",
      "who runs it, as organizations connect it: openai, anthropic, google, local …",
      modelName,
    )
    .requiredOption("--input <credits>", "what a million tokens read cost, such as 0.25", price)
    .requiredOption("--output <credits>", "what a million tokens written cost, such as 2", price)
    .requiredOption("--context <tokens>", "how many tokens it can have before it, such as 128000", tokens)
    .option("--reply <tokens>", "how many tokens a reply may have; so much is set aside for one", tokens, 4096)
    .option("--called <name>", "what the provider calls it, where that is another name")
    .option("--label <words>", "what people read")
    .action(runSet);
  const remove = new Command("remove")
    .description("take a model off the list; what was said stays")
    .argument("<name>", "the model")
    .action(runRemove);
  return new Command("model")
    .description("list the models that the assistant can ask")
    .addCommand(set)
    .addCommand(remove);
}

type SetOptions = {
  provider: string;
  input: number;
  output: number;
  context: number;
  reply: number;
  called?: string;
  label?: string;
};

async function runSet(name: string, options: SetOptions): Promise<void> {
  const { provider, input, output, context, reply, called = name, label = name } = options;
  if (reply >= context)
    throw new Error("A reply must have fewer tokens than the model can have before it: lower --reply.");
  const installation = await openInstallation(readConfig(), console.log);
  try {
    const model = { name, provider, called, label, inputPrice: input, outputPrice: output, contextTokens: context };
    const version = await withConnection(installation.server.admin, (owner) =>
      listModel(owner, { ...model, outputTokens: reply }),
    );
    console.log(`Listed ${label} of ${provider}, price ${version}. Organizations that connect ${provider} can ask it.`);
  } finally {
    await installation.close();
  }
}

async function runRemove(name: string): Promise<void> {
  const installation = await openInstallation(readConfig(), console.log);
  try {
    const isGone = await withConnection(installation.server.admin, (owner) => unlistModel(owner, name));
    if (!isGone) throw new Error(`No model "${name}" is listed.`);
    console.log(`${name} can be asked no more.`);
  } finally {
    await installation.close();
  }
}

function modelName(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,99}$/.test(text)) return text;
  throw new InvalidArgumentError(
    "Small letters, digits, dots, underscores and hyphens; give another name by --called.",
  );
}

function price(text: string): number {
  const amount = /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * CREDIT) : Number.NaN;
  if (amount <= PRICE_MAX * CREDIT) return amount;
  throw new InvalidArgumentError("Give a number of credits from zero on, with six decimals at most.");
}

function tokens(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= TOKENS_MAX) return count;
  throw new InvalidArgumentError("Give a whole number of tokens.");
}
