import { randomUUID } from "node:crypto";
import { Command, InvalidArgumentError } from "commander";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { openInstallation } from "../kernel/installation.ts";
import { CREDIT, grantCredits, verifyLedger } from "../modules/credits/public.ts";

const CREDITS_MAX = 1_000_000_000;

/** `tenon ledger`: what the operator does with the books of credits. */
export function ledgerCommand(): Command {
  const grant = new Command("grant")
    .description("book credits onto an account of an organization")
    .argument("<organization>", "the organization's name in addresses")
    .argument("<credits>", "how many, such as 250 or 0.5", credits)
    .requiredOption("--note <words>", "why, as it will stand in the books")
    .option("--account <name>", "the account", "main")
    .option("--source <source>", "purchase, promotion or plan", source, "purchase")
    .option("--expires <day>", "void after this day (UTC), such as 2027-01-31", day)
    .option("--key <key>", "names the grant: run again under the same key, it is booked once")
    .action(runGrant);
  const verify = new Command("verify")
    .description("find out whether the books add up; exits with 1 if they do not")
    .option("--organization <id>", "look at one organization alone, by its id", uuid)
    .action(runVerify);
  return new Command("ledger").description("look after the books of credits").addCommand(grant).addCommand(verify);
}

type GrantOptions = {
  note: string;
  account: string;
  source: "purchase" | "promotion" | "plan";
  expires?: Date;
  key?: string;
};

async function runGrant(slug: string, amount: number, options: GrantOptions): Promise<void> {
  const installation = await openInstallation(readConfig(), console.log);
  const key = options.key ?? `operator:${randomUUID()}`;
  try {
    const { balance } = await withConnection(installation.server.admin, (owner) =>
      grantCredits(owner, slug, amount, {
        key,
        note: options.note,
        source: options.source,
        account: options.account,
        expiresAt: options.expires,
      }),
    );
    console.log(`Booked ${amount / CREDIT} credits under the key ${key}. ${balance / CREDIT} are on the account now.`);
  } finally {
    await installation.close();
  }
}

async function runVerify({ organization }: { organization?: string }): Promise<void> {
  const installation = await openInstallation(readConfig(), console.log);
  try {
    const started = performance.now();
    let violations = 0;
    await withConnection(installation.server.admin, async (admin) => {
      for await (const checked of verifyLedger(admin, organization)) {
        violations += checked.violations;
        const verdict = checked.violations > 0 ? `${checked.violations} violations` : "holds";
        console.log(`${checked.name}: ${verdict} (${checked.rows} rows)`);
        for (const what of checked.shown) console.log(`  ${what}`);
        if (checked.violations > checked.shown.length)
          console.log(`  … and ${checked.violations - checked.shown.length} more`);
      }
    });
    console.log(`Checked in ${((performance.now() - started) / 1000).toFixed(1)} s: ${violations} violations.`);
    if (violations > 0) process.exitCode = 1;
  } finally {
    await installation.close();
  }
}

function credits(text: string): number {
  const amount = Math.round(Number(text) * CREDIT);
  if (/^\d+(\.\d{1,6})?$/.test(text) && amount > 0 && amount <= CREDITS_MAX * CREDIT) return amount;
  throw new InvalidArgumentError("Give a number of credits above zero, with six decimals at most.");
}

function source(text: string): GrantOptions["source"] {
  if (text === "purchase" || text === "promotion" || text === "plan") return text;
  throw new InvalidArgumentError("It is purchase, promotion or plan.");
}

function day(text: string): Date {
  const moment = new Date(`${text}T23:59:59.999Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && moment.toISOString().startsWith(text)) return moment;
  throw new InvalidArgumentError("Give a day such as 2027-01-31.");
}

function uuid(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text;
  throw new InvalidArgumentError("Give the organization's id.");
}
