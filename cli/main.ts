import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { adminCommand } from "./admin.ts";
import { auditCommand } from "./audit.ts";
import { backupCommand } from "./backup.ts";
import { dataModelCommand } from "./data-model.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor.ts";
import { eraseCommand } from "./erase.ts";
import { describeError } from "./errors.ts";
import { keyCommand } from "./key.ts";
import { ledgerCommand } from "./ledger.ts";
import { migrateCommand } from "./migrate.ts";
import { modelCommand } from "./model.ts";
import { providerCommand } from "./provider.ts";
import { restoreCommand } from "./restore.ts";
import { startCommand } from "./start.ts";
import { submitCommand } from "./submit.ts";
import { tasksCommand } from "./tasks.ts";
import { typesCommand } from "./types.ts";
import { workerCommand } from "./worker.ts";

/** Every subcommand, in the order in which the help lists them. */
const COMMANDS = [
  startCommand,
  workerCommand,
  demoCommand,
  adminCommand,
  migrateCommand,
  backupCommand,
  restoreCommand,
  doctorCommand,
  keyCommand,
  providerCommand,
  submitCommand,
  tasksCommand,
  auditCommand,
  ledgerCommand,
  modelCommand,
  eraseCommand,
  dataModelCommand,
  typesCommand,
];

const tenon = new Command("tenon")
  .description("Runs Tenon and looks after its database.")
  .version(`tenon ${packageJson.version} on Node ${process.versions.node}`, "--version", "print the version and leave")
  .helpOption("-h, --help", "print this help and leave")
  .helpCommand("help [command]", "explain a command")
  .option("--verbose", "say where in the program an error arose")
  .showHelpAfterError("(tenon --help lists all that there is)");

for (const command of COMMANDS) tenon.addCommand(command().copyInheritedSettings(tenon));

try {
  await tenon.parseAsync();
} catch (error) {
  const { verbose = false } = tenon.opts<{ verbose?: boolean }>();
  console.error(`tenon: ${describeError(error, { verbose })}`);
  process.exitCode = 1;
}
