import { countItem, openTally, scoreOf } from "../modules/evaluation/metrics.ts";
import { type Finding, median } from "./bench.ts";

const ITEMS = 1_000_000;
const LABELS = 77;
const ROUNDS = 9;
const GOAL = 0.5;

/** Macro F1 of a million string labels against a bare loop that counts the same and works out the same figure. */
export async function bench(): Promise<Finding> {
  const [gold, predicted] = makeLabels();
  const ways = { "bare loop": () => countBare(gold, predicted), "macro F1": () => score(gold, predicted) };
  const seconds: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  const scores = new Set<string>();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [way, run] of Object.entries(ways)) {
      const started = performance.now();
      const score = run();
      // The first round compiles.
      if (round > 0) seconds[way]?.push((performance.now() - started) / 1000);
      scores.add(score.toFixed(9));
    }
  }
  if (scores.size !== 1) throw new Error(`The two do not count the same: ${[...scores].join(", ")}.`);
  const [bare = 0, ours = 1] = Object.values(seconds).map(median);
  const table = Object.entries(seconds).map(([way, values]) => ({
    way,
    "items per second": Math.round(ITEMS / median(values)),
    "seconds for 1,000,000": median(values).toFixed(3),
  }));
  return { table, figure: bare / ours, goal: GOAL };
}

/** Labels as they come out of a file or the database, each a string of its own; two of three predictions are right. */
function makeLabels(): [string[], string[]] {
  const name = (label: number) => `intent_${label % LABELS}_of_a_bank`;
  const copy = (labels: string[]) => JSON.parse(JSON.stringify(labels)) as string[];
  const numbers = Array.from({ length: ITEMS }, (_, index) => (index * 7919) % 104_729);
  return [copy(numbers.map(name)), copy(numbers.map((label, index) => name(index % 3 ? label : label + index)))];
}

function score(gold: readonly string[], predicted: readonly string[]): number {
  const tally = openTally();
  for (const [index, label] of gold.entries()) countItem(tally, label, predicted[index]);
  return scoreOf("f1_macro", tally);
}

function countBare(gold: readonly string[], predicted: readonly string[]): number {
  const [hits, wrong, missed] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>, label: string) => void counts.set(label, (counts.get(label) ?? 0) + 1);
  for (let index = 0; index < gold.length; index++) {
    const [right = "", given = ""] = [gold[index], predicted[index]];
    if (right === given) add(hits, right);
    else {
      add(missed, right);
      add(wrong, given);
    }
  }
  const labels = [...new Set(gold)];
  const f1Of = (label: string) => {
    const both = 2 * (hits.get(label) ?? 0);
    return both / (both + (wrong.get(label) ?? 0) + (missed.get(label) ?? 0));
  };
  return labels.reduce((sum, label) => sum + f1Of(label), 0) / labels.length;
}
