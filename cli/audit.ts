import { Command, InvalidArgumentError } from "commander";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { openInstallation } from "../kernel/installation.ts";
import { type Verification, verifyRecord } from "../modules/audit/public.ts";

const FAULTS_SHOWN_MAX = 1_000;

/** `tenon audit`: what is done with the record. */
export function auditCommand(): Command {
  const verification = new Command("verify")
    .description("find out whether the record was changed behind Tenon's back; exits with 1 if it was")
    .option("--from <seal>", "begin at this seal", sealNumber)
    .option("--to <seal>", "end at this seal", sealNumber)
    .option("--expect <seal:hash>", "a seal as an earlier check printed it: finds an end that was cut off", expectation)
    .action(verify);
  return new Command("audit").description("look after the record of changes").addCommand(verification);
}

type Options = { from?: string; to?: string; expect?: { id: string; hash: string } };

async function verify({ from, to, expect }: Options): Promise<void> {
  const installation = await openInstallation(readConfig(), console.log);
  try {
    const started = performance.now();
    let told = 0;
    const report = ({ seal, what }: { seal: string; what: string }) => {
      told += 1;
      if (told <= FAULTS_SHOWN_MAX) console.log(`Seal ${seal}: ${what}.`);
    };
    const result = await withConnection(installation.server.admin, (admin) =>
      verifyRecord(admin, installation.keyring, { from, to, expect, report }),
    );
    if (told > FAULTS_SHOWN_MAX) console.log(`… and ${told - FAULTS_SHOWN_MAX} more.`);
    printVerification(result, (performance.now() - started) / 1000);
    if (result.faults > 0) process.exitCode = 1;
  } finally {
    await installation.close();
  }
}

function printVerification({ seals, entries, erased, open, faults, last }: Verification, seconds: number): void {
  console.log(`Checked ${seals} seals with ${entries} entries in ${seconds.toFixed(1)} s: ${faults} faults.`);
  if (erased > 0)
    console.log(`Of ${erased} entries the values or the origin were erased; their hashes stand in for them.`);
  if (open > 0) console.log(`${open} entries are not sealed yet.`);
  if (!last) return;
  console.log(
    `The last seal is of ${last.sealedAt.toISOString()}. Keep this line where nobody with the database can reach it:`,
  );
  console.log(`  tenon audit verify --expect ${last.id}:${last.hash}`);
}

function sealNumber(text: string): string {
  if (/^[1-9]\d{0,17}$/.test(text)) return text;
  throw new InvalidArgumentError("Give the number of a seal.");
}

function expectation(text: string): { id: string; hash: string } {
  const [, id, hash] = /^([1-9]\d{0,17}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (id && hash) return { id, hash };
  throw new InvalidArgumentError("Give a seal's number and hash, as an earlier check printed them: 12:9f86d0….");
}
