import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { send } from "./program.mjs";

const POLL_MS = 200;
const WAIT_MS = 15 * 60 * 1000;

/**
 * Runs `work` while no other process does, on this machine and for this lock file, which holds the id of the process that has it
 * and of the npm that it runs. A lock whose processes are gone is taken over. `work` is given `note`,
 * to be called with the id of the npm that it starts, which leads a process group.
 */
export async function withInstallLock(file, work) {
  await acquire(file);
  try {
    return await work((npmId) => replace(file, `${process.pid} ${npmId}`));
  } finally {
    rmSync(file, { force: true });
  }
}

async function acquire(file) {
  const deadline = Date.now() + WAIT_MS;
  let told = false;
  while (!tryAcquire(file)) {
    const owner = readOwner(file);
    if (owner && !isAlive(owner)) {
      endLeftovers(owner);
      removeStale(file, owner);
      continue;
    }
    if (Date.now() > deadline) throw new Error(waitedTooLong(file, owner));
    if (!told) console.error(`tenon: process ${owner} is installing the packages here; waiting for it …`);
    told = true;
    await delay(POLL_MS);
  }
}

/** A hard link appears with its content or not at all, so nobody ever reads an empty lock. */
function tryAcquire(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function replace(file, content) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, content);
  renameSync(own, file);
}

function readOwner(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * npm goes on for a while when only the process that started it was killed, so both count. This process's own id can only
 * stand there from an earlier life: in a container, ids begin at 1 again.
 */
function isAlive(owner) {
  const [processId, npmId] = idsOf(owner);
  return (processId !== process.pid && isRunning(processId)) || isRunning(npmId);
}

function idsOf(owner) {
  const [processId, npmId = 0] = owner.split(" ").map(Number);
  return [processId, npmId];
}

/** A process that has ended still answers signals until its parent asks how; in some containers nobody ever does. */
function isRunning(processId) {
  return processId > 0 && send(processId, 0) && stateOf(processId) !== "Z";
}

function stateOf(processId) {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2)[0];
  } catch {
    return undefined;
  }
}

/** The scripts of packages that a killed npm was running would write between those of the next one. */
function endLeftovers(owner) {
  const [, npmId] = idsOf(owner);
  if (npmId > 0) send(-npmId, "SIGKILL");
}

/** Renaming first, then looking, keeps two waiting processes from removing the lock that one of them has just taken. */
function removeStale(file, owner) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readOwner(aside) === owner) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function waitedTooLong(file, owner) {
  return (
    `process ${owner} has been installing the packages here for more than ${WAIT_MS / 60_000} minutes. ` +
    `End it if it hangs; if it is no installation, delete ${file}. Then try again.`
  );
}
