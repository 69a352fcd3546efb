import type { Metric } from "./contract.ts";

/** A label as gold answer, as prediction, and as both at once. */
type Class = { gold: number; predicted: number; hits: number };

/** What has been counted of items and their predictions. */
export type Tally = { items: number; hits: number; classes: Map<string, Class> };

export function openTally(): Tally {
  return { items: 0, hits: 0, classes: new Map() };
}

/** Counts an item; `predicted` is undefined where nothing was predicted. */
export function countItem(tally: Tally, gold: string, predicted: string | undefined): void {
  const right = classOf(tally, gold);
  tally.items += 1;
  right.gold += 1;
  if (predicted === gold) {
    tally.hits += 1;
    right.hits += 1;
    right.predicted += 1;
  } else if (predicted !== undefined) classOf(tally, predicted).predicted += 1;
}

/**
 * How good predictions of one label an item are by a measure, from 0 to 1 in full precision. Throws where nothing was counted. The conventions,
 * which hold for every benchmark:
 * - every item with a gold answer counts; one without a prediction is wrong
 * - the labels are those of the gold answers: a predicted label that no gold answer has is wrong, and makes no class of its own
 * - precision, recall and F1 of a class without any hit are 0
 * - a wrong item is one wrong label and one that is missing, so micro F1 is accuracy
 * - classes are added up in the order of their labels' code units: the same predictions give the same score to the last bit
 */
export function scoreOf(metric: Metric, tally: Tally): number {
  if (tally.items === 0) throw new RangeError("There is nothing to score: no item has a gold answer.");
  if (metric === "accuracy" || metric === "f1_micro") return tally.hits / tally.items;
  const classes = [...tally.classes].filter(([, { gold }]) => gold > 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const sum = (weightOf: (one: Class) => number) =>
    classes.reduce((total, [, one]) => total + weightOf(one) * f1Of(one), 0);
  return metric === "f1_macro" ? sum(() => 1) / classes.length : sum(({ gold }) => gold) / tally.items;
}

function classOf({ classes }: Tally, label: string): Class {
  const known = classes.get(label);
  if (known) return known;
  const made = { gold: 0, predicted: 0, hits: 0 };
  classes.set(label, made);
  return made;
}

function f1Of({ gold, predicted, hits }: Class): number {
  return (2 * hits) / (gold + predicted);
}
