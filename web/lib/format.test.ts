import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatAgo, formatBytes, formatCredits, formatCreditsOf, formatDuration } from "./format.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");

describe("what people read of amounts and times", () => {
  test("micro-credits are credits with few decimals, and a little is never nothing", () => {
    const amounts = [0, 1_234_567_890_000, 12_345_678, 999_999, 123_456, -2_500_000, 400, -400];
    assert.deepEqual(amounts.map(formatCredits), [
      "0",
      "1,234,567.89",
      "12.35",
      "1",
      "0.123",
      "-2.5",
      "< 0.001",
      "> −0.001",
    ]);
  });

  test("one credit is one", () => {
    assert.deepEqual([999_999, 250_000, 2_000_000].map(formatCreditsOf), ["1 credit", "0.25 credits", "2 credits"]);
  });

  test("bytes go by thousands", () => {
    const amounts = [0, 1_500, 999_999, 2_500_000, 1_073_741_824, 5e18];
    assert.deepEqual(amounts.map(formatBytes), ["0 kB", "1.5 kB", "1 MB", "2.5 MB", "1.07 GB", "5,000 PB"]);
  });

  test("durations have two units at most", () => {
    const amounts = [40, 1_250, 9_990, 59_400, 90_000, 120_000, 7_500_000, 90_000_000];
    assert.deepEqual(amounts.map(formatDuration), [
      "40 ms",
      "1.3 s",
      "10 s",
      "59 s",
      "1 min 30 s",
      "2 min",
      "2 h 5 min",
      "1 d 1 h",
    ]);
  });

  test("times are told from now, before and after", () => {
    const at = [
      "2026-11-21T11:59:30Z",
      "2026-11-21T11:57:00Z",
      "2026-11-21T14:00:00Z",
      "2026-11-20T11:00:00Z",
      "2024-01-01",
    ];
    assert.deepEqual(
      at.map((moment) => formatAgo(moment, NOW)),
      ["now", "3 minutes ago", "in 2 hours", "yesterday", "2 years ago"],
    );
  });
});
