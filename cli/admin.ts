import { Argument, Command } from "commander";
import type pg from "pg";
import { type Config, readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { openInstallation } from "../kernel/installation.ts";
import {
  createOperator,
  grantPlatformRole,
  listOperators,
  PLATFORM_ROLES,
  type PlatformRole,
  resumePerson,
  revokePlatformRole,
  suspendPerson,
  unlockAccount,
} from "../modules/identity/public.ts";
import {
  listOrganizations,
  ORGANIZATIONS_MAX,
  resumeOrganization,
  suspendOrganization,
} from "../modules/organizations/public.ts";
import { tableOf } from "./table.ts";

const PORT_DEFAULT = 3000;
const HELP = `
The first start makes no administrator. Make one, and set the password by the link that is printed:
  tenon admin create you@example.com --name "Your Name"

An administrator or supporter can act in a member's place only while the organization lets support in, and only with a
second factor. Nobody gets into an organization by these commands alone.

Somebody cannot sign in:               tenon admin unlock ada@example.com
An organization must be closed:        tenon admin suspend acme --reason "Unpaid since May"
A colleague is to help as support:     tenon admin grant ada@example.com support`;

const email = () => new Argument("<email>", "the person's e-mail address");
const slug = () =>
  new Argument("<slug>", 'the organization\'s name in addresses, as "tenon admin organizations" lists it');
const role = () => new Argument("<role>", "what the person looks after").choices(PLATFORM_ROLES);

/** `tenon admin`: what the operator of the installation does with people and organizations. */
export function adminCommand(): Command {
  const admin = new Command("admin").description("look after people and organizations").addHelpText("after", HELP);
  const commands = [
    new Command("create")
      .description("make a person an administrator of the platform; a new one gets a link to set a password")
      .addArgument(email())
      .option("--name <name>", "the name of a person who has no account yet")
      .action((address: string, { name }: { name?: string }) =>
        asOwner((owner, config) => create(owner, config, address, name)),
      ),
    new Command("grant")
      .description("give a person a role on the platform")
      .addArgument(email())
      .addArgument(role())
      .action((address: string, wanted: PlatformRole) =>
        tell(
          (owner) => grantPlatformRole(owner, address, wanted),
          `${address} has the role ${wanted}.`,
          `${address} had the role ${wanted} already.`,
        ),
      ),
    new Command("revoke")
      .description("take a role on the platform from a person; visits as support end")
      .addArgument(email())
      .addArgument(role())
      .action((address: string, wanted: PlatformRole) =>
        tell(
          (owner) => revokePlatformRole(owner, address, wanted),
          `${address} has the role ${wanted} no more.`,
          `${address} did not have the role ${wanted}.`,
        ),
      ),
    new Command("operators").description("list who has a role on the platform").action(() => asOwner(printOperators)),
    ...peopleCommands(),
    ...organizationCommands(),
  ];
  for (const command of commands) admin.addCommand(command);
  return admin;
}

function peopleCommands(): Command[] {
  return [
    new Command("unlock")
      .description("let an account that waits after failures sign in at once")
      .addArgument(email())
      .action((address: string) =>
        tell(
          (owner) => unlockAccount(owner, address),
          `${address} can sign in again.`,
          `${address} was not locked: nothing had failed since the last sign-in.`,
        ),
      ),
    new Command("suspend-person")
      .description("shut a person out everywhere and end their sessions")
      .addArgument(email())
      .action((address: string) =>
        tell(
          (owner) => suspendPerson(owner, address),
          `${address} is shut out, and every session has ended.`,
          `${address} was not active.`,
        ),
      ),
    new Command("resume-person")
      .description("let a suspended person sign in again")
      .addArgument(email())
      .action((address: string) =>
        tell((owner) => resumePerson(owner, address), `${address} can sign in again.`, `${address} was not suspended.`),
      ),
  ];
}

function organizationCommands(): Command[] {
  return [
    new Command("organizations")
      .description("list the organizations, the newest first")
      .option("--search <text>", "only those whose address or name contains this")
      .action(({ search }: { search?: string }) => asOwner((owner) => printOrganizations(owner, search))),
    new Command("suspend")
      .description("close an organization to everybody; nothing of it is deleted")
      .addArgument(slug())
      .requiredOption("--reason <text>", "why; it goes on the organization's record")
      .action((name: string, { reason }: { reason: string }) =>
        asOwner(async (owner) => {
          await suspendOrganization(owner, name, reason);
          console.log(`${name} is closed. "tenon admin resume ${name}" opens it again.`);
        }),
      ),
    new Command("resume")
      .description("open a suspended organization again")
      .addArgument(slug())
      .action((name: string) =>
        asOwner(async (owner) => {
          await resumeOrganization(owner, name);
          console.log(`${name} is open again.`);
        }),
      ),
  ];
}

async function asOwner(work: (owner: pg.Client, config: Config) => Promise<void>): Promise<void> {
  const config = readConfig();
  const installation = await openInstallation(config, console.error);
  try {
    await withConnection(installation.server.admin, (owner) => work(owner, config));
  } finally {
    await installation.close();
  }
}

function tell(work: (owner: pg.Client) => Promise<boolean>, done: string, undone: string): Promise<void> {
  return asOwner(async (owner) => console.log((await work(owner)) ? done : undone));
}

async function create(owner: pg.Client, config: Config, address: string, name: string | undefined): Promise<void> {
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) throw new Error(`"${address}" is no e-mail address.`);
  const first = await createOperator(owner, { email: address, name: name ?? address });
  if (!first) {
    console.log(`${address} is an administrator of the platform, with the account that was there.`);
    return;
  }
  const until = first.expiresAt.toISOString().replace("T", " ").slice(0, 16);
  console.log(`${address} is an administrator of the platform. Set a password here, once, until ${until} UTC:\n`);
  console.log(`  ${originOf(config)}/reset-password#${first.token}\n`);
  console.log("The link is shown only now. Whoever has it has the account: pass it on by a safe way.");
}

function originOf({ publicUrl, host, port }: Config): string {
  return publicUrl ?? `http://${host.includes(":") ? `[${host}]` : host}:${port ?? PORT_DEFAULT}`;
}

async function printOperators(owner: pg.Client): Promise<void> {
  const operators = await listOperators(owner);
  if (operators.length === 0) {
    console.log('Nobody has a role on the platform. "tenon admin create <email>" makes an administrator.');
    return;
  }
  const rows = operators.map(({ email: address, name, roles, status, second_factor }) => [
    address,
    name,
    roles.join(", "),
    status,
    second_factor ? "yes" : "no",
  ]);
  console.log(tableOf(["email", "name", "roles", "status", "second factor"], rows));
}

async function printOrganizations(owner: pg.Client, search: string | undefined): Promise<void> {
  const organizations = await listOrganizations(owner, search);
  if (organizations.length === 0) {
    console.log(search ? `No organization has "${search}" in its address or name.` : "There is no organization yet.");
    return;
  }
  const rows = organizations.map(({ slug: address, name, status, members, created_at, last_active_at }) => [
    address,
    name,
    status,
    String(members),
    dayOf(created_at),
    last_active_at ? dayOf(last_active_at) : "-",
  ]);
  console.log(tableOf(["slug", "name", "status", "members", "created", "last active"], rows));
  if (organizations.length === ORGANIZATIONS_MAX)
    console.log(`The newest ${ORGANIZATIONS_MAX}; --search finds others.`);
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
