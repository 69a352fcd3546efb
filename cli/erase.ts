import { Command } from "commander";
import type pg from "pg";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { openInstallation } from "../kernel/installation.ts";
import { type ErasureSubject, finishErasure } from "../modules/audit/public.ts";
import { interruptible } from "./interrupt.ts";

type Kind = ErasureSubject["kind"];
type Options = { now?: boolean; yes?: boolean };
type Found = { id: string; name: string };

/** `tenon erase`: erases a person or an organization at once, without the grace period. */
export function eraseCommand(): Command {
  return new Command("erase")
    .description("erase a person or an organization at once")
    .addCommand(subcommand("person", "<email or id>", "the person's e-mail address or id"))
    .addCommand(subcommand("organization", "<slug or id>", "the organization's name in addresses, or its id"));
}

function subcommand(kind: Kind, argument: string, description: string): Command {
  return new Command(kind)
    .description(`erase a ${kind} at once`)
    .argument(argument, description)
    .option("--now", "do not wait for the grace period of 30 days")
    .option("--yes", "really do it; without this it only says whom it is about")
    .action((name: string, options: Options) => interruptible((signal) => erase(kind, name, options, signal)));
}

async function erase(
  kind: Kind,
  name: string,
  { now = false, yes = false }: Options,
  signal: AbortSignal,
): Promise<void> {
  if (!now)
    throw new Error(
      "Whoever is deleted is erased by itself after 30 days. Say --now for a request that may not wait for that.",
    );
  const installation = await openInstallation(readConfig(), console.log);
  try {
    await withConnection(installation.server.admin, async (admin) => {
      const found = await find(admin, kind, name);
      if (!yes) {
        console.log(`This erases the ${kind} ${found.name} (${found.id}) for good. Say --yes to do it.`);
        process.exitCode = 1;
        return;
      }
      await admin.query("select audit.begin_erasure_now($1, $2)", [kind, found.id]);
      await finishErasure(installation.database, { kind, id: found.id }, signal);
      console.log(`Erased the ${kind} ${found.id}:`);
      for (const [table, count] of await readCounts(admin, kind, found.id))
        console.log(`  ${table.padEnd(40)} ${count}`);
    });
  } finally {
    await installation.close();
  }
}

const FIND = {
  person: "select id, full_name as name from identity.users where id::text = $1 or email_key = lower($1)",
  organization: "select id, name from organizations.organizations where id::text = $1 or slug = $1",
};

async function find(admin: pg.Client, kind: Kind, name: string): Promise<Found> {
  const { rows } = await admin.query<Found>(FIND[kind], [name]);
  if (rows[0]) return rows[0];
  throw new Error(
    `There is no ${kind} "${name}". Give ${kind === "person" ? "an e-mail address" : "a slug"} or an id.`,
  );
}

async function readCounts(admin: pg.Client, kind: Kind, id: string): Promise<[string, number][]> {
  const { rows } = await admin.query<{ counts: Record<string, number> }>(
    "select counts from audit.erasures where kind = $1 and subject_id = $2",
    [kind, id],
  );
  return Object.entries(rows[0]?.counts ?? {}).sort();
}
