import { spawn } from "node:child_process";
import { constants } from "node:os";

const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP"];
const REPEAT_WINDOW_MS = 1_000;
const EXIT_CODE_OF_SIGNAL_BASE = 128;

/**
 * Runs a program until it ends, in a process group of its own, and passes on the signals that this process gets: to the program, or
 * with `toGroup` to all that it has started. Returns its exit code, and which signal was passed on, if any.
 * Rejects when it cannot be started. `onStart` is told its process id.
 */
export function runProgram(command, args, { toGroup = false, onStart = () => {}, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached: true });
    let interruptedBy;
    const passOn = withoutRepeats((signal) => {
      interruptedBy = signal;
      send(toGroup ? -child.pid : child.pid, signal);
    });
    const settle = (finish) => {
      for (const signal of PASSED_ON) process.off(signal, passOn);
      finish();
    };
    for (const signal of PASSED_ON) process.on(signal, passOn);
    child.once("spawn", () => onStart(child.pid));
    child.once("error", (error) => settle(() => reject(error)));
    child.once("exit", (code, signal) =>
      settle(() => resolve({ exitCode: code ?? exitCodeOf(signal), interruptedBy })),
    );
  });
}

/**
 * One Ctrl-C arrives twice under npm: from the terminal, and from npm. The program must get it once, as it may take
 * a second one for impatience. That is also why it stands in a group that the terminal does not reach.
 */
function withoutRepeats(passOn) {
  const lastAt = {};
  return (signal) => {
    const now = performance.now();
    if (now - (lastAt[signal] ?? Number.NEGATIVE_INFINITY) < REPEAT_WINDOW_MS) return;
    lastAt[signal] = now;
    passOn(signal);
  };
}

/** The exit code of a program that a signal ended, by the shell's rule. */
export function exitCodeOf(signal) {
  return EXIT_CODE_OF_SIGNAL_BASE + constants.signals[signal];
}

/** Sends a signal to a process, or to a group of them (a negative id). Returns whether there is one; signal 0 only asks. */
export function send(processId, signal) {
  try {
    return process.kill(processId, signal);
  } catch (error) {
    return error.code === "EPERM";
  }
}
