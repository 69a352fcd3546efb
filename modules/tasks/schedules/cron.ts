import { Cron } from "croner";
import { fault } from "./fault.ts";
import { AT_MOST, type Pattern } from "./pattern.ts";

const NICKNAMES = new Map(
  Object.entries({
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
  }),
);

const FIELDS = ["second", "minute", "hour", "day of the month", "month", "day of the week"];
const EXAMPLE = `Write minute, hour, day, month and weekday, such as "0 9 * * 1-5" for nine o'clock on weekdays.`;
const EVERY_HOUR = /^(\*|\?|\*\/1|0-23)$/;
const ONE_SECOND = /^[0-5]?\d$/;

/**
 * Reads a cron expression of five fields, or of six with the second first. The library works on times of the clock, as if in UTC:
 * what its zones and its own rules about daylight saving do differs from what RFC 5545 says, and nothing of it is used.
 */
export function readCron(text: string): Pattern {
  const given = (NICKNAMES.get(text.toLowerCase()) ?? text).split(/\s+/);
  if (given.length !== 5 && given.length !== 6)
    throw fault("rule", `A cron expression has 5 or 6 fields, and this one has ${given.length}. ${EXAMPLE}`);
  const fields = given.length === 6 ? given : ["0", ...given];
  checkFields(fields);
  const [second = "", , hour = ""] = fields;
  if (!ONE_SECOND.test(second))
    throw fault("rule", `The second of a cron expression is one number, 0 to 59: ${AT_MOST}`);
  const cron = new Cron(fields.join(" "), { paused: true, timezone: "UTC", mode: "6-part" });
  return {
    follows: EVERY_HOUR.test(hour) ? "every_hour" : "clock",
    next: (after) => cron.nextRun(new Date(after))?.getTime() ?? null,
  };
}

/** The library does not always tell which field it means, so each is read alone first. */
function checkFields(fields: string[]): void {
  for (const [index, field] of fields.entries()) {
    const alone = fields.map((_, other) => (other === index ? field : "*")).join(" ");
    try {
      new Cron(alone, { paused: true, timezone: "UTC", mode: "6-part" });
    } catch {
      throw fault("rule", `"${field.slice(0, 50)}" is no ${FIELDS[index]} of a cron expression. ${EXAMPLE}`);
    }
  }
}
