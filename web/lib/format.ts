const COUNT = new Intl.NumberFormat();
const SHARE = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const MEAN = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const CREDITS = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const LITTLE_CREDITS = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });
const AGO = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const NOTHING = "–";

const MICRO = 1_000_000;
const LEAST_CREDITS = 0.001;
const KILO = 1_000;
const BYTE_UNITS = ["kB", "MB", "GB", "TB", "PB"];
const SECOND_MS = 1_000;
const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;
/** From how many seconds on a time is told in which unit. */
const TIME_UNITS = [
  [365 * DAY_S, "year"],
  [30 * DAY_S, "month"],
  [DAY_S, "day"],
  [HOUR_S, "hour"],
  [MINUTE_S, "minute"],
] as const;

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

export function formatDay(timestamp: string): string {
  return DAY.format(new Date(timestamp));
}

/** Such as "1 credit", "0.25 credits". */
export function formatCreditsOf(microCredits: number): string {
  const credits = formatCredits(microCredits);
  return `${credits} credit${credits === "1" ? "" : "s"}`;
}

/** Micro-credits as credits: two decimals at most, three below one credit, and never nothing where there is something. */
export function formatCredits(microCredits: number): string {
  const credits = microCredits / MICRO;
  const size = Math.abs(credits);
  if (size > 0 && size < LEAST_CREDITS) return `${credits < 0 ? "> −" : "< "}${LITTLE_CREDITS.format(LEAST_CREDITS)}`;
  return (size < 1 ? LITTLE_CREDITS : CREDITS).format(credits);
}

/** Such as "1.5 GB". A kilobyte is 1,000 bytes. */
export function formatBytes(bytes: number): string {
  let amount = bytes / KILO;
  let unit = 0;
  while (Math.round(amount) >= KILO && unit < BYTE_UNITS.length - 1) {
    amount /= KILO;
    unit += 1;
  }
  return `${MEAN.format(amount)} ${BYTE_UNITS[unit]}`;
}

/** How long something took, such as "40 ms", "0.4 s", "1 min 30 s", "2 h 5 min". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < SECOND_MS / 10) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10 * SECOND_MS) return `${Math.round(milliseconds / 100) / 10} s`;
  const seconds = Math.round(milliseconds / SECOND_MS);
  if (seconds < MINUTE_S) return `${seconds} s`;
  if (seconds < HOUR_S) return both(seconds, MINUTE_S, "min", 1, "s");
  if (seconds < DAY_S) return both(seconds, HOUR_S, "h", MINUTE_S, "min");
  return both(seconds, DAY_S, "d", HOUR_S, "h");
}

function both(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ""}`;
}

/** Such as "3 minutes ago", "in 2 days"; within a minute "now". `now` is in milliseconds. */
export function formatAgo(timestamp: string, now: number): string {
  const seconds = (new Date(timestamp).getTime() - now) / SECOND_MS;
  for (const [size, unit] of TIME_UNITS)
    if (Math.abs(seconds) >= size) return AGO.format(Math.trunc(seconds / size), unit);
  return AGO.format(0, "second");
}
