import { accessSync, constants, existsSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { withInstallLock } from "./install-lock.mjs";
import { missingPackages } from "./installed.mjs";
import { exitCodeOf, runProgram } from "./program.mjs";

const NAMED_MAX = 5;

/**
 * Runs `npm ci` in the folder `root` unless every package that is needed is there already. Returns the exit code to end with
 * when a person or the system interrupted it, otherwise undefined. Throws an error that says what to do when it fails.
 */
export async function installMissing(root, { development }) {
  if (missingPackages(root, { development }).length === 0) return undefined;
  refuseUnwritable(root);
  return withInstallLock(join(root, ".install-lock"), async (note) => {
    const isDoneByAnother = missingPackages(root, { development }).length === 0;
    return isDoneByAnother ? undefined : install(root, development, note);
  });
}

async function install(root, development, note) {
  console.error("tenon: installing the packages (npm ci), which takes a minute or two …");
  const started = Date.now();
  // npm removes files in no order: without its own list, whatever it leaves behind counts as half-done.
  rmSync(join(root, "node_modules/.package-lock.json"), { force: true });
  const { exitCode, interruptedBy } = await runNpm(root, development, note);
  if (interruptedBy) {
    console.error("tenon: the installation was interrupted; the next start begins it anew.");
    return exitCodeOf(interruptedBy);
  }
  if (exitCode !== 0) throw new Error(npmFailed(exitCode));
  const missing = missingPackages(root, { development });
  if (missing.length > 0) throw new Error(leftOut(missing));
  console.error(`tenon: installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  return undefined;
}

/** npm's output goes to stderr. Its warnings are about the Node that it runs on, which is not the one that Tenon will. */
async function runNpm(root, development, onStart) {
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const args = ["ci", ...quiet, ...(development ? ["--include=dev"] : [])];
  const env = { ...process.env, PATH: outsidePath(root) };
  const stdio = ["ignore", process.stderr, process.stderr];
  try {
    return await runProgram("npm", args, { cwd: root, env, stdio, toGroup: true, onStart });
  } catch (cause) {
    throw new Error(`npm could not be run (${cause.message}). It comes with Node: install it and try again.`, {
      cause,
    });
  }
}

/** The search path without this project's packages: npm must not run on the Node that it is about to remove. */
function outsidePath(root) {
  const inside = join(root, "node_modules");
  return process.env.PATH.split(delimiter)
    .filter((folder) => !folder.startsWith(inside))
    .join(delimiter);
}

function refuseUnwritable(root) {
  for (const folder of [root, join(root, "node_modules")].filter((path) => existsSync(path))) {
    try {
      accessSync(folder, constants.W_OK);
    } catch (cause) {
      throw new Error(
        `packages are missing, and the folder ${folder} cannot be written (${cause.code}). ` +
          "Run the command once as the user it belongs to, or give it to this user.",
        { cause },
      );
    }
  }
}

function npmFailed(exitCode) {
  return (
    `npm ci failed (exit code ${exitCode}); its own message stands above. If it could not reach the registry, check the network ` +
    "and the settings `npm config get registry` and `npm config get proxy`, then run the command again."
  );
}

function leftOut(missing) {
  const more = missing.length > NAMED_MAX ? ` and ${missing.length - NAMED_MAX} more` : "";
  return (
    `npm ci left out what is needed here: ${missing.slice(0, NAMED_MAX).join(", ")}${more}. Usual reasons: the network failed for one ` +
    "package (run the command again), npm may not run the scripts of packages (`npm config get ignore-scripts`), or Node " +
    `${process.versions.node} is older than a package asks for (update it).`
  );
}
