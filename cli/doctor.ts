import { Command } from "commander";
import { readConfig } from "../kernel/config.ts";
import { type Finding, formatFinding } from "./doctor/finding.ts";
import { checkDataFolder, checkEngine, checkKey, checkNode } from "./doctor/machine.ts";
import { checkMail } from "./doctor/mail.ts";

/** `tenon doctor`: looks at what Tenon needs and says what to do where it is not there. Exits with 1 if something is missing. */
export function doctorCommand(): Command {
  return new Command("doctor").description("check what this machine lacks").action(examine);
}

function examine(): void {
  const config = readConfig();
  const findings: Finding[] = [
    checkNode(),
    checkEngine(config),
    checkDataFolder(config),
    checkKey(config),
    checkMail(config),
  ];
  for (const finding of findings) console.log(formatFinding(finding));
  if (findings.some(({ state }) => state === "bad")) process.exitCode = 1;
}
