/** Runs `work` with a signal that the first Ctrl-C gives, so that it can leave things in order; a second one ends the process. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.once(name, stop);
  try {
    return await work(interrupt.signal);
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once, as it would anyway. */
export function stopSignal(): Promise<void> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  return new Promise((resolve) => {
    const stop = () => {
      for (const name of signals) process.off(name, stop);
      resolve();
    };
    for (const name of signals) process.on(name, stop);
  });
}
