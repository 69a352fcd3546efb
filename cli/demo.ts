import { Command, InvalidArgumentError } from "commander";
import { largeExists, makeLarge } from "../demo/large/large.ts";
import { type DemoPerson, demoExists, makeDemo } from "../demo/northwind.ts";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { type Installation, openInstallation } from "../kernel/installation.ts";
import { openServices } from "../kernel/services.ts";

const ORGANIZATIONS_DEFAULT = 200;

type Options = { size: string; organizations: number; scale: number; yes?: boolean };

/** `tenon demo`: an organization to look around in, or many full of rows to measure with. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("make an organization to look around in")
    .option(
      "--size <size>",
      "small: one organization; large: hundreds of them, full of rows, to measure with",
      sizeOf,
      "small",
    )
    .option("--organizations <number>", "how many the large one has", wholeOf, ORGANIZATIONS_DEFAULT)
    .option(
      "--scale <number>",
      "how much the large one has; 1 is 1,000,000 labeling tasks and 5,000,000 events",
      shareOf,
      1,
    )
    .option("--yes", "make the large one on a database server of one's own")
    .action(demo);
}

async function demo({ size, organizations, scale, yes = false }: Options): Promise<void> {
  const config = readConfig();
  // Asked before the server is opened: opening it brings the database up to date.
  if (size === "large" && config.databaseUrl && !yes)
    throw new Error(
      "This is a database server of your own, and the large demo does not go away by itself. Say --yes to make it there.",
    );
  const installation = await openInstallation(config, console.log);
  try {
    await withConnection(installation.server.admin, async (admin) => {
      if (size === "large") {
        if (await largeExists(admin)) throw new Error("The large demo is there already.");
        await makeLarge(admin, { organizations, scale }, console.log);
      } else await makeSmall(installation, openServices(installation.keyring, config), admin);
    });
  } finally {
    await installation.close();
  }
}

type Admin = Parameters<typeof demoExists>[0];

async function makeSmall({ database }: Installation, services: ReturnType<typeof openServices>, admin: Admin) {
  if (await demoExists(admin))
    throw new Error("The demo organization is there already. Its passwords were shown when it was made.");
  printPeople(await makeDemo(database, services, admin));
}

function sizeOf(value: string): string {
  if (value === "small" || value === "large") return value;
  throw new InvalidArgumentError("It is small or large.");
}

const ORGANIZATIONS_MAX = 10_000;
const SCALE_MAX = 100;

function wholeOf(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= ORGANIZATIONS_MAX) return number;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${ORGANIZATIONS_MAX}.`);
}

function shareOf(value: string): number {
  const number = Number(value);
  if (number > 0 && number <= SCALE_MAX) return number;
  throw new InvalidArgumentError(`It is a number above 0, at most ${SCALE_MAX}.`);
}

/** Shows who can sign in. The passwords are kept nowhere, so this is the only time. */
export function printPeople(people: DemoPerson[]): void {
  console.log(
    "\nThe demo organization Northwind Studio is made. Sign in as one of these; the passwords are shown only now:\n",
  );
  for (const { role, email, password } of people) console.log(`  ${role.padEnd(14)} ${email.padEnd(34)} ${password}`);
  console.log("");
}
