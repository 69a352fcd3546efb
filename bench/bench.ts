/** A figure and what it should at least be. */
export type Figure = { name: string; figure: number; goal: number };

/** What a bench found: rows to print, the figure, what it should at least be, and more such figures where there are any. */
export type Finding = Omit<Figure, "name"> & { table: Record<string, string | number>[]; more?: readonly Figure[] };

/** Measures one thing. */
export type Bench = () => Promise<Finding>;

/** Two ways of doing the same work, in calls per second, and how many of the one go into the other. */
export type Comparison = { rates: Record<string, number>; ratio: number };

const ROUNDS = 30;

/**
 * Runs ways of doing the same work in turns, so short that what else the machine does hits all of one turn, and compares
 * the medians. Each way makes `calls` in all, by `callers` at once. The ratio is the second's rate to the first's, turn by turn.
 */
export async function compare(
  ways: Record<string, (call: number) => Promise<unknown>>,
  { calls, callers }: { calls: number; callers: number },
): Promise<Comparison> {
  const measured = new Map<string, number[]>(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [way, run] of Object.entries(ways)) {
      const rate = await measureRate(run, Math.ceil(calls / ROUNDS), callers);
      // The first round fills caches and prepares statements.
      if (round > 0) measured.get(way)?.push(rate);
    }
  }
  const rates = Object.fromEntries([...measured].map(([way, values]) => [way, median(values)]));
  const [base = [], other = []] = [...measured.values()];
  return { rates, ratio: median(other.map((rate, round) => rate / (base[round] ?? rate))) };
}

/** How many calls a second are made by `callers` at once. */
export async function measureRate(
  run: (call: number) => Promise<unknown>,
  calls: number,
  callers: number,
): Promise<number> {
  const started = performance.now();
  let next = 0;
  const caller = async () => {
    while (next < calls) await run(next++);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (calls * 1000) / (performance.now() - started);
}

/** What a hundredth of the values are above. */
export function p99(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The rates of a comparison as rows of a table. */
export function rateRows({ rates }: Comparison): Finding["table"] {
  const [base = 0] = Object.values(rates);
  return Object.entries(rates).map(([way, rate]) => ({
    way,
    "per second": Math.round(rate),
    ratio: (rate / base).toFixed(2),
  }));
}
