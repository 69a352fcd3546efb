import { spawnSync } from "node:child_process";
import { join } from "node:path";

const KNIP = join(import.meta.dirname, "../../node_modules/knip/bin/knip.js");

/** What Knip finds in the project at `root`, by the rules of its `knip.json`: dead files and exports, needless and missing packages. */
export function findUnused(root: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [KNIP, "--no-progress"], {
    cwd: root,
    encoding: "utf8",
  });
  return status === 0 ? "" : `${stdout}${stderr}`.trim() || `Knip ended with exit code ${status}.`;
}
