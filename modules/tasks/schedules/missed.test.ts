import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stepOf } from "./missed.ts";

describe("runs that were missed", () => {
  const at = (time: string) => new Date(`2026-01-05T${time}Z`);
  const step = (missedRuns: "skip" | "once" | "all", nextRunAt: Date, asOf: Date, rule = "0 * * * *") => {
    const { runs, next } = stepOf({ rule, timezone: "UTC", missedRuns, nextRunAt, asOf });
    return {
      runs: runs.map((run) => run.toISOString().slice(11, 16)),
      next: next?.toISOString().slice(11, 16) ?? null,
    };
  };

  test("a run that is in time is made, by each policy", () => {
    for (const policy of ["skip", "once", "all"] as const)
      assert.deepEqual(step(policy, at("08:00:00"), at("08:05:00")), { runs: ["08:00"], next: "09:00" });
  });

  test("of three that are missed, skip makes none, once the last one, all each", () => {
    assert.deepEqual(step("skip", at("06:00:00"), at("08:30:00")), { runs: [], next: "09:00" });
    assert.deepEqual(step("once", at("06:00:00"), at("08:30:00")), { runs: ["08:00"], next: "09:00" });
    assert.deepEqual(step("all", at("06:00:00"), at("08:30:00")), { runs: ["06:00", "07:00", "08:00"], next: "09:00" });
  });

  test("skip makes the last one that is in time", () => {
    assert.deepEqual(step("skip", at("06:00:00"), at("08:01:00")), { runs: ["08:00"], next: "09:00" });
  });

  test("all makes at most 100 at a time, and goes on where it was", () => {
    const { runs, next } = step("all", at("06:00:00"), at("08:30:00"), "* * * * *");
    assert.deepEqual([runs.length, runs[0], runs[99], next], [100, "06:00", "07:39", "07:40"]);
  });

  test("the last run of a rule ends it", () => {
    for (const policy of ["once", "all"] as const)
      assert.deepEqual(step(policy, at("06:00:00"), at("08:30:00"), "2026-01-05T06:00Z"), {
        runs: ["06:00"],
        next: null,
      });
    assert.deepEqual(step("skip", at("06:00:00"), at("08:30:00"), "2026-01-05T06:00Z"), { runs: [], next: null });
  });

  test("a time that is no run of the rule any more makes none", () => {
    assert.deepEqual(step("all", at("06:10:00"), at("06:20:00")), { runs: [], next: "07:00" });
  });
});
