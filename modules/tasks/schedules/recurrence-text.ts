import { fault } from "./fault.ts";
import { AT_MOST } from "./pattern.ts";

const FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"] as const;
const WEEKDAY = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/;
/** `20260101`, `20260101T090000` or `20260101T090000Z`. */
const TIME = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/;
const EXAMPLE = `Write "DTSTART:20260105T090000" and, on the next line, "RRULE:FREQ=WEEKLY;BYDAY=MO".`;

const INTERVAL_MAX = 10_000;
/** More runs than these need no number: leave COUNT out, or end the rule by UNTIL. */
const COUNT_MAX = 1_000;
const EXCEPTIONS_MAX = 100;
const YEAR_MIN = 1970;
const YEAR_MAX = 2999;

/** The lists of numbers, their least and greatest; where `negative`, they count from the end too and zero is none. */
const LISTS = {
  BYMINUTE: { min: 0, max: 59, negative: false },
  BYHOUR: { min: 0, max: 23, negative: false },
  BYMONTHDAY: { min: 1, max: 31, negative: true },
  BYYEARDAY: { min: 1, max: 366, negative: true },
  BYWEEKNO: { min: 1, max: 53, negative: true },
  BYMONTH: { min: 1, max: 12, negative: false },
  BYSETPOS: { min: 1, max: 366, negative: true },
} as const;
type ListName = keyof typeof LISTS;

/** A time as a rule writes it: of the clock, as if in UTC; `isInstant` says that it is in UTC indeed, `isDate` that it is a whole day. */
export type WrittenTime = { milliseconds: number; isInstant: boolean; isDate: boolean };

export type Frequency = (typeof FREQUENCIES)[number];

/** The parts of a recurrence rule (RFC 5545), each checked for itself. */
export type RecurrenceParts = {
  start: WrittenTime;
  frequency: Frequency;
  interval: number;
  count?: number;
  until?: WrittenTime;
  weekdays?: string[];
  weekStart?: string;
  second?: number;
  lists: Partial<Record<ListName, number[]>>;
  exceptions: WrittenTime[];
};

/** Reads the lines DTSTART, RRULE and EXDATE. Throws invalid, naming the part that is wrong. */
export function readRecurrenceText(text: string, timezone: string): RecurrenceParts {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map(readLine);
  for (const { name, zone } of lines)
    if (zone !== undefined && zone !== timezone)
      throw fault("rule", `${name} is in the time zone "${zone}" and the schedule in "${timezone}". Leave TZID out.`);
  const start = readTime("DTSTART", single(lines, "DTSTART"));
  const rule = single(lines, "RRULE");
  const exceptions = lines
    .filter(({ name }) => name === "EXDATE")
    .flatMap(({ value }) => value.split(",").map((each) => readTime("EXDATE", each)));
  if (exceptions.length > EXCEPTIONS_MAX)
    throw fault(
      "rule",
      `EXDATE names ${exceptions.length} times, and ${EXCEPTIONS_MAX} are the most. Drop those that are past.`,
    );
  return { ...readParts(rule), start, exceptions };
}

function single(lines: { name: string; value: string }[], wanted: string): string {
  const [line, another] = lines.filter(({ name }) => name === wanted);
  if (!line) throw fault("rule", `${wanted} is missing. ${EXAMPLE}`);
  if (another) throw fault("rule", `${wanted} stands twice. Leave one out.`);
  return line.value;
}

function readLine(line: string): { name: string; zone: string | undefined; value: string } {
  if (/^FREQ=/i.test(line)) return { name: "RRULE", zone: undefined, value: line };
  const [, name, parameters = "", value = ""] = /^(DTSTART|RRULE|EXDATE)((?:;[^:;=]+=[^:;]+)*):(.+)$/i.exec(line) ?? [];
  if (name === undefined) throw fault("rule", `"${line.slice(0, 50)}" is no line of a rule. ${EXAMPLE}`);
  let zone: string | undefined;
  for (const parameter of parameters.split(";").slice(1)) {
    const [key, setting] = parameter.split("=");
    if (key?.toUpperCase() === "TZID") zone = setting;
    else if (key?.toUpperCase() !== "VALUE") throw fault("rule", `${name} takes TZID and VALUE, and not ${key}.`);
  }
  return { name: name.toUpperCase(), zone, value };
}

function readTime(name: string, text: string): WrittenTime {
  const [, year, month, day, hour = "00", minute = "00", second = "00", zulu] = TIME.exec(text.trim()) ?? [];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const milliseconds = Date.parse(`${iso}Z`);
  // A day that a month does not have is the next month's first to some, and none to others.
  if (!Number.isFinite(milliseconds) || !new Date(milliseconds).toISOString().startsWith(iso))
    throw fault("rule", `${name} is no time: "${text.slice(0, 50)}". Write it as 20260105T090000.`);
  if (Number(year) < YEAR_MIN || Number(year) > YEAR_MAX)
    throw fault("rule", `${name} lies in the year ${year}. Choose one from ${YEAR_MIN} to ${YEAR_MAX}.`);
  return { milliseconds, isInstant: zulu !== undefined, isDate: !text.includes("T") };
}

function readParts(rule: string): Omit<RecurrenceParts, "start" | "exceptions"> {
  const parts = new Map<string, string>();
  for (const part of rule.split(";")) {
    const [, name = "", value = ""] = /^([A-Z]+)=(.+)$/i.exec(part.trim()) ?? [];
    if (name === "") throw fault("rule", `"${part.slice(0, 50)}" is no part of a rule. ${EXAMPLE}`);
    if (parts.has(name.toUpperCase())) throw fault("rule", `${name} stands twice. Leave one out.`);
    parts.set(name.toUpperCase(), value.trim().toUpperCase());
  }
  const result: Omit<RecurrenceParts, "start" | "exceptions"> = {
    frequency: readFrequency(parts),
    interval: 1,
    lists: {},
  };
  for (const [name, value] of parts) readPart(result, name, value);
  if (result.count !== undefined && result.until)
    throw fault("rule", "COUNT and UNTIL both end the rule. Leave one out.");
  checkCombination(result);
  return result;
}

function readFrequency(parts: Map<string, string>): Frequency {
  const given = parts.get("FREQ");
  const frequency = FREQUENCIES.find((each) => each === given);
  if (given === "SECONDLY") throw fault("rule", `FREQ=SECONDLY is too often: ${AT_MOST}`);
  if (!frequency) throw fault("rule", `FREQ is ${given ?? "missing"}. Give one of ${FREQUENCIES.join(", ")}.`);
  return frequency;
}

function readPart(result: Omit<RecurrenceParts, "start" | "exceptions">, name: string, value: string): void {
  if (name === "INTERVAL") result.interval = readNumber(name, value, 1, INTERVAL_MAX);
  else if (name === "COUNT") result.count = readNumber(name, value, 1, COUNT_MAX);
  else if (name === "UNTIL") result.until = readTime(name, value);
  else if (name === "BYSECOND") result.second = readNumber(name, value, 0, 59);
  else if (name === "BYDAY") result.weekdays = value.split(",").map(readWeekday);
  else if (name === "WKST") result.weekStart = readWeekStart(value);
  else if (isListName(name)) result.lists[name] = readList(name, value);
  else if (name !== "FREQ")
    throw fault(
      "rule",
      `${name} is no part that is known. The parts are FREQ, INTERVAL, COUNT, UNTIL, BYSECOND, BYDAY, WKST, ${Object.keys(LISTS).join(", ")}.`,
    );
}

function isListName(name: string): name is ListName {
  return Object.hasOwn(LISTS, name);
}

function readNumber(name: string, text: string, min: number, max: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= min && number <= max))
    throw fault("rule", `${name} is "${text.slice(0, 50)}". Give one number from ${min} to ${max}.`);
  return number;
}

function readList(name: ListName, text: string): number[] {
  const { min, max, negative } = LISTS[name];
  const numbers = text.split(",").map((each) => (/^[+-]?\d{1,3}$/.test(each) ? Number(each) : Number.NaN));
  const isRight = (number: number) => {
    const size = negative ? Math.abs(number) : number;
    return size >= min && size <= max;
  };
  if (!numbers.every(isRight))
    throw fault(
      "rule",
      `${name} is "${text.slice(0, 50)}". Give numbers from ${min} to ${max}${negative ? ", or negative ones, which count from the end" : ""}.`,
    );
  return [...new Set(numbers)];
}

function readWeekday(text: string): string {
  const [, ordinal, day] = WEEKDAY.exec(text) ?? [];
  const place = Math.abs(Number(ordinal ?? 1));
  if (!day || place < 1 || place > 53)
    throw fault(
      "rule",
      `BYDAY names "${text.slice(0, 50)}". Give days as MO, TU, WE, TH, FR, SA or SU, or as 1MO and -1FR for the first and the last.`,
    );
  return ordinal === undefined ? day : `${Number(ordinal)}${day}`;
}

function readWeekStart(text: string): string {
  if (!/^(MO|TU|WE|TH|FR|SA|SU)$/.test(text))
    throw fault("rule", `WKST is "${text.slice(0, 50)}". Give MO, TU, WE, TH, FR, SA or SU.`);
  return text;
}

/** What RFC 5545 (3.3.10) does not let stand together. */
function checkCombination({ frequency, weekdays, lists }: Omit<RecurrenceParts, "start" | "exceptions">): void {
  const refuse = (part: string, allowed: string) => {
    throw fault("rule", `${part} does not go with FREQ=${frequency}. It goes with ${allowed}.`);
  };
  const isYearly = frequency === "YEARLY";
  const isOrdinal = weekdays?.some((day) => day.length > 2) ?? false;
  if (isOrdinal && !isYearly && frequency !== "MONTHLY") refuse("A numbered day in BYDAY", "MONTHLY and YEARLY");
  if (isOrdinal && lists.BYWEEKNO)
    throw fault("rule", "A numbered day in BYDAY does not go with BYWEEKNO. Leave the number out.");
  if (lists.BYWEEKNO && !isYearly) refuse("BYWEEKNO", "YEARLY");
  if (lists.BYMONTHDAY && frequency === "WEEKLY") refuse("BYMONTHDAY", "all others");
  if (lists.BYYEARDAY && ["DAILY", "WEEKLY", "MONTHLY"].includes(frequency))
    refuse("BYYEARDAY", "YEARLY, HOURLY and MINUTELY");
  const others = Object.keys(lists).filter((name) => name !== "BYSETPOS");
  if (lists.BYSETPOS && others.length === 0 && !weekdays)
    throw fault("rule", "BYSETPOS chooses among what other parts name. Add BYDAY, or another one.");
}
