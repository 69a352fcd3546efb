import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const NODE_BINARY = "node_modules/node/bin/node";

/**
 * The packages of `package-lock.json` that are not in `node_modules` in the locked version, as paths; none when the installation
 * is whole. npm writes `node_modules/.package-lock.json` as its last step: without it, an installation was left half-done.
 */
export function missingPackages(root, { development }) {
  const present = readLock(join(root, "node_modules/.package-lock.json")) ?? {};
  const wanted = Object.entries(readLock(join(root, "package-lock.json")) ?? {});
  const missing = wanted
    .filter(([path, entry]) => isNeeded(path, entry, development))
    .filter(([path, entry]) => !isSame(entry, present[path]) || !existsSync(join(root, path, "package.json")))
    .map(([path]) => path);
  return missing.length > 0 || existsSync(join(root, NODE_BINARY)) ? missing : [NODE_BINARY];
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isNeeded(path, entry, development) {
  if (path === "" || (entry.dev && !development)) return false;
  return !(entry.optional || entry.devOptional) || isForThisPlatform(entry);
}

/** Of the optional packages only those made for one platform matter: programs in binary form. */
function isForThisPlatform({ os, cpu, libc }) {
  if (!os && !cpu) return false;
  return allows(os, process.platform) && allows(cpu, process.arch) && (!libc || allows(libc, currentLibc()));
}

function allows(values, value) {
  return !values || values.includes(value);
}

let libcOfThisMachine;

function currentLibc() {
  libcOfThisMachine ??= process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
  return libcOfThisMachine;
}

function isSame(wanted, present) {
  return present !== undefined && present.version === wanted.version && present.integrity === wanted.integrity;
}
