import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { WEB_FOLDER } from "./web.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const STAMP = join(dirname(WEB_FOLDER), "web.stamp");

/**
 * Builds the web application when it is not built, or was built from other sources. The build goes to a folder of its own
 * and takes the old one's place when it is whole, so that a killed build is never served.
 */
export async function buildWeb(report: (line: string) => void): Promise<void> {
  const stamp = digestOfSources();
  if (existsSync(WEB_FOLDER) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp) return;
  report("Building the pages …");
  const { build } = await import("vite");
  const fresh = `${WEB_FOLDER}.${process.pid}`;
  try {
    await build({
      configFile: join(ROOT, "web", "vite.config.ts"),
      build: { outDir: fresh, emptyOutDir: true },
      logLevel: "error",
    });
    await mkdir(dirname(WEB_FOLDER), { recursive: true });
    await rm(WEB_FOLDER, { recursive: true, force: true });
    await rename(fresh, WEB_FOLDER);
    await writeFile(STAMP, stamp);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** What the pages are made of: their own files, the contracts, and the versions of the packages. */
function digestOfSources(): string {
  const contracts = ["kernel", "modules"].flatMap(filesOf).filter((path) => /[/-]contract\.ts$/.test(path));
  const files = [
    "package-lock.json",
    join("kernel", "http", "endpoint.ts"),
    ...contracts,
    ...filesOf("client"),
    ...filesOf("web"),
  ];
  const digest = createHash("sha256");
  for (const file of files.sort()) {
    digest.update(file).update(readFileSync(join(ROOT, file)));
  }
  return digest.digest("hex");
}

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(ROOT, path)).isFile());
}
