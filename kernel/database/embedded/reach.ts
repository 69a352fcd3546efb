import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { connect, type Login } from "../connection.ts";
import { SUPERUSER } from "./cluster.ts";
import { codeOf, explainLines } from "./failure.ts";
import { type Home, PORT } from "./home.ts";
import { tailLog } from "./log.ts";
import { type Postmaster, readPid, removeStaleLocks, startPostmaster, stopPostmaster } from "./postmaster.ts";
import { resetPassword } from "./reset.ts";
import { joinUsers, KEEPER_NAME } from "./usage.ts";

/** What it takes to start this folder's PostgreSQL, again and again. */
export type Server = {
  home: Home;
  /** The folder of its programs. */
  bin: string;
  password: string;
  settings: Record<string, string>;
  report: (line: string) => void;
};

const START_TIMEOUT_MS = 60_000;
// After a crash PostgreSQL replays its log and answers all the while; a large one takes minutes.
const RECOVERY_TIMEOUT_MS = 30 * 60_000;
const TELL_AFTER_MS = 3_000;
const KNOCK_TIMEOUT_MS = 10_000;
const WAIT_MIN_MS = 10;
const WAIT_MAX_MS = 500;

// PostgreSQL's words for: another process starts it too, or sessions of a killed one still leave.
const HELD_BY_ANOTHER = /lock file ".*" (already exists|is empty)|pre-existing shared memory block/;

/** How to log in as the superuser. */
export function superuserLogin(server: Server, database: string): Login {
  return { host: server.home.socket, port: PORT, database, user: SUPERUSER, password: server.password };
}

/**
 * Connects to the folder's PostgreSQL and starts it unless it runs. `attached` tells that another process had started it.
 * Throws, with PostgreSQL's reason, when it cannot start, or does not answer in `START_TIMEOUT_MS`.
 */
export async function reachServer(
  server: Server,
  signal: AbortSignal,
): Promise<{ keeper: pg.Client; attached: boolean }> {
  const attempt: Attempt = { begun: performance.now(), answered: false, reset: false, told: false, logStart: 0 };
  try {
    for (let wait = WAIT_MIN_MS; ; wait = Math.min(2 * wait, WAIT_MAX_MS)) {
      const answer = await knock(superuserLogin(server, "postgres"));
      if (answer instanceof pg.Client) {
        return { keeper: answer, attached: readPid(server.home) !== attempt.postmaster?.pid };
      }
      await react(server, attempt, answer);
      await sleep(wait, undefined, { signal });
    }
  } catch (error) {
    if (attempt.postmaster?.exited === false) await stopPostmaster(server.home, attempt.postmaster.pid);
    throw error;
  }
}

type Attempt = {
  begun: number;
  /** PostgreSQL runs and has answered, if only that it is not ready. */
  answered: boolean;
  reset: boolean;
  told: boolean;
  logStart: number;
  postmaster?: Postmaster;
};

type Answer = pg.Client | "nobody there" | "not ready" | "no answer" | "wrong password";

async function knock(login: Login): Promise<Answer> {
  const patient = { ...login, connectionTimeoutMillis: KNOCK_TIMEOUT_MS };
  try {
    const keeper = await connect(patient, KEEPER_NAME);
    await joinUsers(keeper).catch(async (error) => {
      await keeper.end();
      throw error;
    });
    return keeper;
  } catch (error) {
    return readRefusal(error);
  }
}

function readRefusal(error: unknown): Answer {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ECONNREFUSED") return "nobody there";
  if (code === "28P01") return "wrong password";
  // 57P01 to 57P05: it starts or stops.
  if (code.startsWith("57P0")) return "not ready";
  // Without a code the time was up or the connection broke off; 53300: too many sessions.
  if (/^(|ECONNRESET|EPIPE|53300)$/.test(code)) return "no answer";
  throw error;
}

async function react(server: Server, attempt: Attempt, answer: Exclude<Answer, pg.Client>): Promise<void> {
  if (answer === "nobody there") startUnlessStarting(server, attempt);
  if (answer === "not ready") attempt.answered = true;
  if (answer === "wrong password") await resetOnce(server, attempt);
  assertInTime(server, attempt);
}

async function resetOnce(server: Server, attempt: Attempt): Promise<void> {
  if (attempt.reset)
    throw new Error(`PostgreSQL refuses the password in ${server.home.passwordFile}, which was just set.`);
  attempt.reset = true;
  await resetPassword(server.home, superuserLogin(server, "postgres"), server.report);
}

function startUnlessStarting(server: Server, attempt: Attempt): void {
  const { postmaster } = attempt;
  if (postmaster && !postmaster.exited) return;
  if (postmaster) assertMayRetry(server, postmaster);
  removeStaleLocks(server.home, server.report);
  attempt.postmaster = startPostmaster(server.home, server.bin, server.settings);
  attempt.logStart = attempt.postmaster.logStart;
}

function assertMayRetry({ home }: Server, postmaster: Postmaster): void {
  if (postmaster.failure) throw postmaster.failure;
  const lines = tailLog(home.log, postmaster.logStart);
  if (lines.some((line) => HELD_BY_ANOTHER.test(line))) return;
  throw explainLines(`PostgreSQL ended while it started. Its log (${home.log}):`, home.cluster, lines);
}

function assertInTime({ home, report }: Server, attempt: Attempt): void {
  const limit = attempt.answered ? RECOVERY_TIMEOUT_MS : START_TIMEOUT_MS;
  const elapsed = performance.now() - attempt.begun;
  if (elapsed > TELL_AFTER_MS && !attempt.told) {
    attempt.told = true;
    report(`PostgreSQL takes its time, as it does after a crash. It tells what it does in ${home.log}.`);
  }
  if (elapsed < limit) return;
  const lines = tailLog(home.log, attempt.logStart);
  throw explainLines(`PostgreSQL is not ready after ${limit / 1000} s. Its log (${home.log}):`, home.cluster, lines);
}
