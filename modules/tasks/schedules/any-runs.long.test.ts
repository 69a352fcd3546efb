import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { lastRun, nextRun, nextRuns } from "./runs.ts";

describe("for any rule and zone", () => {
  const ZONES = [
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Pacific/Apia",
    "America/St_Johns",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "UTC",
  ];
  const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
  const two = (number: number) => String(number).padStart(2, "0");
  const zone = fc.constantFrom(...ZONES);
  const time = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) });
  // Half of them begin near a day on which clocks moved somewhere.
  const after = fc.oneof(
    fc
      .integer({ min: Date.UTC(2011, 0, 1) / 60_000, max: Date.UTC(2035, 0, 1) / 60_000 })
      .map((minutes) => new Date(minutes * 60_000)),
    fc
      .tuple(
        fc.constantFrom(
          "2011-12-30T10:00Z",
          "2026-03-29T01:00Z",
          "2026-10-25T01:00Z",
          "2026-10-03T15:30Z",
          "2026-04-04T15:00Z",
          "2026-09-26T14:00Z",
          "2018-11-04T03:00Z",
        ),
        fc.integer({ min: -2_000, max: 120 }),
      )
      .map(([at, minutes]) => new Date(Date.parse(at) + minutes * 60_000)),
  );
  const pair = fc.oneof(
    time.map(({ hour, minute }) => [`${minute} ${hour} * * *`, `FREQ=DAILY;BYHOUR=${hour};BYMINUTE=${minute}`]),
    time.chain((at) =>
      fc
        .uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 })
        .map((days) => [
          `${at.minute} ${at.hour} * * ${days.join(",")}`,
          `FREQ=WEEKLY;BYDAY=${days.map((day) => WEEKDAYS[day]).join(",")};BYHOUR=${at.hour};BYMINUTE=${at.minute}`,
        ]),
    ),
    time.chain((at) =>
      fc
        .integer({ min: 1, max: 31 })
        .map((day) => [
          `${at.minute} ${at.hour} ${day} * *`,
          `FREQ=MONTHLY;BYMONTHDAY=${day};BYHOUR=${at.hour};BYMINUTE=${at.minute}`,
        ]),
    ),
    time.map(({ minute }) => [`${minute} * * * *`, `FREQ=HOURLY;BYMINUTE=${minute}`]),
    fc
      .constantFrom(5, 15, 30)
      .map((step) => [
        `*/${step} 1-4 * * *`,
        `FREQ=HOURLY;BYHOUR=1,2,3,4;BYMINUTE=${[...Array(60).keys()].filter((minute) => minute % step === 0).join(",")}`,
      ]),
  );

  test("cron and RRULE agree, runs come in order, and several are those that come one by one", () => {
    fc.assert(
      fc.property(pair, zone, after, ([cron = "", parts = ""], timezone, start) => {
        const runs = nextRuns(cron, timezone, start, 6);
        assert.deepEqual(nextRuns(`DTSTART:20100101T000000\nRRULE:${parts}`, timezone, start, 6), runs);
        let previous = start;
        for (const run of runs) {
          assert.ok(run > previous);
          assert.deepEqual(nextRun(cron, timezone, previous), run);
          previous = run;
        }
      }),
      { numRuns: 40 },
    );
  });

  test("a daily run is at its time by the clock, but where clocks skip it, and comes once a day", () => {
    fc.assert(
      fc.property(time, zone, after, ({ hour, minute }, timezone, start) => {
        const clock = new Intl.DateTimeFormat("sv", { timeZone: timezone, dateStyle: "short", timeStyle: "short" });
        const runs = nextRuns(`${minute} ${hour} * * *`, timezone, start, 4);
        const dates = runs.map((run) => clock.format(run).slice(0, 10));
        assert.equal(new Set(dates).size, 4);
        for (const run of runs) {
          const [date = "", at] = clock.format(run).split(" ");
          const wanted = `${two(hour)}:${two(minute)}`;
          if (at === wanted) continue;
          const asUtc = Date.parse(`${date}T${wanted}Z`);
          const offsets = [...Array(109).keys()].map((quarter) => (quarter - 48) * 900_000);
          const exists = offsets.some((offset) => clock.format(asUtc - offset) === `${date} ${wanted}`);
          assert.ok(!exists, `${wanted} in ${timezone} came at ${clock.format(run)}`);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("the last run up to a time is the one that nothing follows", () => {
    fc.assert(
      fc.property(pair, zone, after, fc.integer({ min: 1, max: 500_000 }), ([cron = ""], timezone, start, minutes) => {
        const from = nextRun(cron, timezone, start) ?? assert.fail();
        const until = new Date(from.getTime() + minutes * 60_000);
        const last = lastRun(cron, timezone, from, until);
        assert.ok(last >= from && last <= until);
        const following = nextRun(cron, timezone, last);
        assert.ok(!following || following > until);
        assert.deepEqual(nextRun(cron, timezone, new Date(last.getTime() - 1)), last);
      }),
      { numRuns: 20 },
    );
  });
});
