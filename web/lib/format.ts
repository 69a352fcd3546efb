const COUNT = new Intl.NumberFormat();
const SHARE = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const MEAN = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const NOTHING = "–";

export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** Such as "1 text", "10,003 texts". */
export function formatCountOf(count: number, noun: string): string {
  return `${COUNT.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** 0.25 as "25%"; a dash while there is nothing to divide by. */
export function formatShare(share: number | null): string {
  return share === null ? NOTHING : SHARE.format(share);
}

export function formatMean(mean: number | null): string {
  return mean === null ? NOTHING : MEAN.format(mean);
}

export function formatMoment(timestamp: string): string {
  return MOMENT.format(new Date(timestamp));
}
