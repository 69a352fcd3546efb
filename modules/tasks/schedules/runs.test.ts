import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Problem } from "../../../kernel/errors.ts";
import { nextRuns } from "./runs.ts";
import { localText } from "./zone.ts";

const BERLIN = "Europe/Berlin";

/** The next runs by the clock of the zone. */
function locally(rule: string, timezone: string, after: string, count: number): string[] {
  return nextRuns(rule, timezone, new Date(after), count).map((run) => localText(run.getTime(), timezone));
}

function faultOf(rule: string, timezone = "UTC"): { field: string; message: string } {
  try {
    nextRuns(rule, timezone, new Date("2026-01-01T00:00:00Z"), 1);
  } catch (error) {
    assert.ok(error instanceof Problem, String(error));
    return error.errors[0] ?? assert.fail("No field is named.");
  }
  assert.fail(`This was taken as a rule: ${rule}`);
}

const daily = (time: string) => `DTSTART:20000101T${time}00\nRRULE:FREQ=DAILY`;

describe("on days when clocks move", () => {
  const cases: [string, string, string, string, string[]][] = [
    [
      "a time that is skipped runs once, shifted",
      BERLIN,
      "0230",
      "2026-03-27T12:00:00Z",
      ["2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"],
    ],
    [
      "a time that comes twice runs once, the first time",
      BERLIN,
      "0230",
      "2026-10-23T12:00:00Z",
      ["2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"],
    ],
    [
      "the second time is no run, asked for in between",
      BERLIN,
      "0230",
      "2026-10-25T00:45:00Z",
      ["2026-10-26T02:30:00+01:00"],
    ],
    [
      "a time right behind the skip is as it is",
      BERLIN,
      "0300",
      "2026-03-28T12:00:00Z",
      ["2026-03-29T03:00:00+02:00", "2026-03-30T03:00:00+02:00"],
    ],
    [
      "half an hour is skipped on Lord Howe",
      "Australia/Lord_Howe",
      "0215",
      "2026-10-03T00:00:00Z",
      ["2026-10-04T02:45:00+11:00", "2026-10-05T02:15:00+11:00"],
    ],
    [
      "half an hour comes twice on Lord Howe",
      "Australia/Lord_Howe",
      "0145",
      "2026-04-04T00:00:00Z",
      ["2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"],
    ],
    [
      "the Chatham Islands skip a time at a quarter",
      "Pacific/Chatham",
      "0300",
      "2026-09-25T18:00:00Z",
      ["2026-09-27T04:00:00+13:45", "2026-09-28T03:00:00+13:45"],
    ],
    [
      "Samoa skipped a day, whose run is that of the next",
      "Pacific/Apia",
      "0900",
      "2011-12-29T12:00:00Z",
      ["2011-12-29T09:00:00-10:00", "2011-12-31T09:00:00+14:00", "2012-01-01T09:00:00+14:00"],
    ],
  ];
  for (const [name, timezone, time, after, expected] of cases) {
    test(name, () => {
      const cron = `${Number(time.slice(2))} ${Number(time.slice(0, 2))} * * *`;
      assert.deepEqual(locally(cron, timezone, after, expected.length), expected);
      assert.deepEqual(locally(daily(time), timezone, after, expected.length), expected);
    });
  }

  test("two times that the skip makes one are one run", () => {
    assert.deepEqual(locally("30 2,3 * * *", BERLIN, "2026-03-28T12:00:00Z", 2), [
      "2026-03-29T03:30:00+02:00",
      "2026-03-30T02:30:00+02:00",
    ]);
  });

  test("a shifted time takes its place behind times that come before it", () => {
    assert.deepEqual(locally("45 2-3 * * *", BERLIN, "2026-03-29T00:00:00Z", 2), [
      "2026-03-29T03:45:00+02:00",
      "2026-03-30T02:45:00+02:00",
    ]);
    assert.deepEqual(locally("0,50 2-3 * * *", BERLIN, "2026-03-29T00:00:00Z", 2), [
      "2026-03-29T03:00:00+02:00",
      "2026-03-29T03:50:00+02:00",
    ]);
    const rule = "DTSTART:20000101T000000\nRRULE:FREQ=DAILY;BYHOUR=2,3;BYMINUTE=10,40;BYSETPOS=2,3";
    assert.deepEqual(locally(rule, BERLIN, "2026-03-29T00:00:00Z", 2), [
      "2026-03-29T03:10:00+02:00",
      "2026-03-29T03:40:00+02:00",
    ]);
  });

  const everyHour = [
    "30 * * * *",
    "DTSTART:20000101T003000\nRRULE:FREQ=HOURLY",
    "DTSTART:20000101T000000\nRRULE:FREQ=HOURLY;BYMINUTE=30",
  ];
  for (const rule of everyHour) {
    test(`every hour is every hour that passes: ${rule.replace("\n", " ")}`, () => {
      const between = (after: string) => {
        const runs = nextRuns(rule, BERLIN, new Date(after), 6).map((run) => run.getTime() / 3_600_000);
        return runs.slice(1).map((run, index) => run - (runs[index] ?? 0));
      };
      assert.deepEqual(between("2026-03-28T22:00:00Z"), [1, 1, 1, 1, 1]);
      assert.deepEqual(between("2026-10-24T22:00:00Z"), [1, 1, 1, 1, 1]);
    });
  }

  test("runs are in order and none is left out, wherever in a day of change one begins and however many one asks for", () => {
    const begin = (rule: string, after: string, count: number) =>
      nextRuns(rule, BERLIN, new Date(after), count).map((run) => run.toISOString().slice(11, 16));
    assert.deepEqual(begin("45 2 * * *", "2026-03-29T01:10:00Z", 1), ["01:45"]);
    assert.deepEqual(begin("0,30 * * * *", "2026-10-25T00:45:00Z", 3), ["01:00", "01:30", "02:00"]);
    assert.deepEqual(begin("0,30 * * * *", "2026-10-24T23:59:00Z", 2), ["00:00", "00:30"]);
    const rule = "DTSTART:20000101T000000\nRRULE:FREQ=DAILY;BYHOUR=2,3;BYMINUTE=10,40;BYSETPOS=2,3";
    assert.deepEqual(begin(rule, "2026-03-29T00:00:00Z", 1), ["01:10"]);
  });

  test("an interval of minutes counts the time that passes", () => {
    const rule = "DTSTART:20260101T000000\nRRULE:FREQ=MINUTELY;INTERVAL=90";
    const runs = nextRuns(rule, BERLIN, new Date("2026-10-24T20:00:00Z"), 12).map((run) => run.getTime() / 60_000);
    assert.deepEqual(new Set(runs.slice(1).map((run, index) => run - (runs[index] ?? 0))), new Set([90]));
  });

  test("a time to run once is shifted too", () => {
    assert.deepEqual(locally("2026-03-29T02:30", BERLIN, "2026-01-01T00:00:00Z", 5), ["2026-03-29T03:30:00+02:00"]);
    assert.deepEqual(locally("2026-10-25T02:30", BERLIN, "2026-01-01T00:00:00Z", 5), ["2026-10-25T02:30:00+02:00"]);
    assert.deepEqual(locally("2026-03-29T02:30+02:00", BERLIN, "2026-01-01T00:00:00Z", 5), [
      "2026-03-29T01:30:00+01:00",
    ]);
  });
});

describe("in the calendar", () => {
  const from = "2026-01-01T00:00:00Z";
  const days = (rule: string, count: number) => locally(rule, "UTC", from, count).map((run) => run.slice(0, 10));
  const cases: [string, string, string[]][] = [
    ["February 29 by cron", "0 0 29 2 *", ["2028-02-29", "2032-02-29"]],
    ["February 29 by DTSTART", "DTSTART:20240229T090000\nRRULE:FREQ=YEARLY", ["2028-02-29", "2032-02-29"]],
    [
      "a Friday, February 29",
      "DTSTART:20240101T090000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=FR",
      ["2036-02-29", "2064-02-29"],
    ],
    [
      "the 31st",
      "DTSTART:20240101T090000\nRRULE:FREQ=MONTHLY;BYMONTHDAY=31",
      ["2026-01-31", "2026-03-31", "2026-05-31"],
    ],
    ["the 31st by DTSTART", "DTSTART:20240131T090000\nRRULE:FREQ=MONTHLY", ["2026-01-31", "2026-03-31"]],
    [
      "the last day",
      "DTSTART:20240101T090000\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1",
      ["2026-01-31", "2026-02-28", "2026-03-31"],
    ],
    ["the last day by cron", "0 9 L * *", ["2026-01-31", "2026-02-28", "2026-03-31"]],
    ["the last Friday", "DTSTART:20240101T090000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR", ["2026-01-30", "2026-02-27"]],
    ["every second week", "DTSTART:20251229T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2", ["2026-01-12", "2026-01-26"]],
    ["COUNT counts from DTSTART", "DTSTART:20251231T090000\nRRULE:FREQ=DAILY;COUNT=3", ["2026-01-01", "2026-01-02"]],
    [
      "UNTIL a day, that day too",
      "DTSTART:20251231T090000\nRRULE:FREQ=DAILY;UNTIL=20260102",
      ["2026-01-01", "2026-01-02"],
    ],
    ["UNTIL a time in UTC", "DTSTART:20251231T090000\nRRULE:FREQ=DAILY;UNTIL=20260102T085959Z", ["2026-01-01"]],
    [
      "but for EXDATE",
      "DTSTART:20251231T090000\nRRULE:FREQ=DAILY;COUNT=5\nEXDATE:20260101T090000,20260103T090000Z",
      ["2026-01-02", "2026-01-04"],
    ],
  ];
  for (const [name, rule, expected] of cases)
    test(name, () =>
      assert.deepEqual(days(rule, expected.length < 2 || /COUNT|UNTIL/.test(rule) ? 9 : expected.length), expected),
    );

  test("what never comes has no run, and the search for it ends", () => {
    const never = [
      "0 0 30 2 *",
      "0 0 31 4,6,9,11 *",
      "2025-12-31T23:59",
      "2199-01-01T00:00",
      "DTSTART:20250101T000000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
      "DTSTART:20250101T000000\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYSETPOS=1",
      "DTSTART:20250101T000000\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
      "DTSTART:20250101T000000\nRRULE:FREQ=MINUTELY;INTERVAL=1440;BYHOUR=3",
      "DTSTART:20250101T000000\nRRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6",
      "DTSTART:20250101T000000\nRRULE:FREQ=YEARLY;INTERVAL=10000",
      "DTSTART:20250101T000000\nRRULE:FREQ=DAILY;UNTIL=20251231",
      "DTSTART:29990101T000000\nRRULE:FREQ=DAILY",
    ];
    for (const rule of never) assert.deepEqual(nextRuns(rule, BERLIN, new Date(from), 3), [], rule);
  });
});

describe("what is no rule is refused, and the part that is wrong is named", () => {
  const rrule = (parts: string) => `DTSTART:20260105T090000\nRRULE:${parts}`;
  const cases: [string, RegExp][] = [
    [" ", /empty/],
    ["x".repeat(2001), /2000/],
    ["hello", /5 or 6 fields/],
    ["* * *", /5 or 6 fields.*3/],
    ["* * * * * * *", /5 or 6 fields.*7/],
    ["60 * * * *", /"60" is no minute/],
    ["0 24 * * *", /"24" is no hour/],
    ["0 0 32 * *", /"32" is no day of the month/],
    ["0 0 * 13 *", /"13" is no month/],
    ["0 0 * * 8", /"8" is no day of the week/],
    ["0 22-2 * * *", /"22-2" is no hour/],
    ["*/0 * * * *", /no minute/],
    ["* * * * * *", /second.*60 seconds/],
    ["0,30 * * * * *", /second.*60 seconds/],
    ["@reboot", /5 or 6 fields/],
    ["2026-02-30T10:00", /no time/],
    ["2026-01-01T10:00[Asia/Tokyo]", /no time/],
    ["2026-01-01", /no time/],
    ["RRULE:FREQ=DAILY", /DTSTART is missing/],
    ["DTSTART:20260105T090000", /RRULE is missing/],
    [`${rrule("FREQ=DAILY")}\nRRULE:FREQ=DAILY`, /RRULE stands twice/],
    [`${rrule("FREQ=DAILY")}\nRDATE:20260105T090000`, /RDATE.* no line/],
    [`${rrule("FREQ=DAILY")}\nEXDATE:x`, /EXDATE/],
    [`${rrule("FREQ=DAILY")}\nEXDATE:${"20260105T090000,".repeat(100)}20260105T090000`, /EXDATE.*101/],
    ["DTSTART:20260230T090000\nRRULE:FREQ=DAILY", /DTSTART/],
    ["DTSTART:00010101T090000\nRRULE:FREQ=DAILY", /DTSTART.*1970/],
    ["DTSTART;TZID=Asia/Tokyo:20260105T090000\nRRULE:FREQ=DAILY", /TZID/],
    [rrule("FREQ=SECONDLY"), /SECONDLY.*60 seconds/],
    [rrule("FREQ=FORTNIGHTLY"), /FREQ.*FORTNIGHTLY/],
    [rrule("BYDAY=MO"), /FREQ is missing/],
    [rrule("FREQ=DAILY;FREQ=DAILY"), /FREQ stands twice/],
    [rrule("FREQ=DAILY;NONSENSE=1"), /NONSENSE/],
    [rrule("FREQ=DAILY;INTERVAL=0"), /INTERVAL/],
    [rrule("FREQ=DAILY;INTERVAL=10001"), /INTERVAL/],
    [rrule("FREQ=DAILY;COUNT=1001"), /COUNT/],
    [rrule("FREQ=DAILY;COUNT=-1"), /COUNT/],
    [rrule("FREQ=DAILY;COUNT=1;UNTIL=20270101"), /COUNT and UNTIL/],
    [rrule("FREQ=DAILY;UNTIL=soon"), /UNTIL/],
    [rrule("FREQ=DAILY;BYHOUR=24"), /BYHOUR/],
    [rrule("FREQ=DAILY;BYMINUTE=-1"), /BYMINUTE/],
    [rrule("FREQ=DAILY;BYSECOND=0,30"), /BYSECOND/],
    [rrule("FREQ=MONTHLY;BYMONTHDAY=0"), /BYMONTHDAY/],
    [rrule("FREQ=MONTHLY;BYMONTHDAY=32"), /BYMONTHDAY/],
    [rrule("FREQ=MONTHLY;BYDAY=XX"), /BYDAY/],
    [rrule("FREQ=WEEKLY;BYDAY=1MO"), /BYDAY.*WEEKLY/],
    [rrule("FREQ=WEEKLY;BYMONTHDAY=1"), /BYMONTHDAY.*WEEKLY/],
    [rrule("FREQ=MONTHLY;BYWEEKNO=1"), /BYWEEKNO.*MONTHLY/],
    [rrule("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO"), /BYWEEKNO/],
    [rrule("FREQ=DAILY;BYYEARDAY=1"), /BYYEARDAY.*DAILY/],
    [rrule("FREQ=DAILY;BYSETPOS=1"), /BYSETPOS/],
    [rrule("FREQ=DAILY;WKST=X"), /WKST/],
  ];
  for (const [rule, message] of cases)
    test(JSON.stringify(rule.slice(0, 80)), () => {
      const fault = faultOf(rule);
      assert.equal(fault.field, "rule");
      assert.match(fault.message, message);
    });

  for (const timezone of ["Mars/Olympus", "+05:00", "", "Europe/Berlin; x", "GMT+25"])
    test(`the time zone ${JSON.stringify(timezone)}`, () =>
      assert.equal(faultOf("0 9 * * *", timezone).field, "timezone"));

  test("whatever else is written", () => {
    const letters = fc.string({
      unit: fc.constantFrom(..."0123456789*/,-LW#?+ \n:;=TZDAILYFREQRUBYMO"),
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          letters,
          letters.map((text) => rrule(`FREQ=DAILY;${text}`)),
          fc.string(),
        ),
        (rule) => {
          try {
            nextRuns(rule, BERLIN, new Date("2026-01-01T00:00:00Z"), 2);
          } catch (error) {
            assert.ok(error instanceof Problem, `${rule}: ${error}`);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
