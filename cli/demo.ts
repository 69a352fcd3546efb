import { Command } from "commander";
import { type DemoPerson, demoExists, makeDemo } from "../demo/northwind.ts";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { openInstallation } from "../kernel/installation.ts";
import { openServices } from "../kernel/services.ts";

/** `tenon demo`: an organization to look around in. */
export function demoCommand(): Command {
  return new Command("demo").description("make an organization to look around in").action(demo);
}

async function demo(): Promise<void> {
  const config = readConfig();
  const installation = await openInstallation(config, console.log);
  try {
    await withConnection(installation.server.admin, async (admin) => {
      if (await demoExists(admin))
        throw new Error("The demo organization is there already. Its passwords were shown when it was made.");
      printPeople(await makeDemo(installation.database, openServices(installation.keyring, config), admin));
    });
  } finally {
    await installation.close();
  }
}

/** Shows who can sign in. The passwords are kept nowhere, so this is the only time. */
export function printPeople(people: DemoPerson[]): void {
  console.log(
    "\nThe demo organization Northwind Studio is made. Sign in as one of these; the passwords are shown only now:\n",
  );
  for (const { role, email, password } of people) console.log(`  ${role.padEnd(14)} ${email.padEnd(34)} ${password}`);
  console.log("");
}
