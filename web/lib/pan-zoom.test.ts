import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type Box,
  boundView,
  centerView,
  fitView,
  type Point,
  panView,
  pinchView,
  type Size,
  type View,
  viewBoxOf,
  zoomView,
} from "./pan-zoom.ts";

const PRECISION = 1e-6;
const FRAME = { width: 900, height: 500 };

const place = fc.integer({ min: -5_000, max: 5_000 });
const length = fc.integer({ min: 1, max: 5_000 });
const points = fc.record({ x: place, y: place });
const sizes: fc.Arbitrary<Size> = fc.record({ width: length, height: length });
const boxes: fc.Arbitrary<Box> = fc.record({ x: place, y: place, width: length, height: length });
const scales = fc.double({ min: 0.05, max: 4, noNaN: true });
const views: fc.Arbitrary<View> = fc.record({ x: place, y: place, scale: scales });

/** What of the picture is at a place of the frame. */
function under(view: View, at: Point): Point {
  return { x: view.x + at.x / view.scale, y: view.y + at.y / view.scale };
}

function assertNear(found: Point, expected: Point): void {
  for (const axis of ["x", "y"] as const)
    assert.ok(
      Math.abs(found[axis] - expected[axis]) < PRECISION * (1 + Math.abs(expected[axis])),
      JSON.stringify({ found, expected }),
    );
}

test("the whole picture is in the frame, in its middle, and never larger than it is", () => {
  fc.assert(
    fc.property(boxes, sizes, (picture, frame) => {
      const view = fitView(picture, frame);
      assert.ok(view.scale <= 1 && view.scale > 0);
      assert.ok(picture.width * view.scale <= Math.max(1, frame.width) + PRECISION);
      assert.ok(picture.height * view.scale <= Math.max(1, frame.height) + PRECISION);
      const middle = { x: picture.x + picture.width / 2, y: picture.y + picture.height / 2 };
      assertNear(under(view, { x: frame.width / 2, y: frame.height / 2 }), middle);
    }),
  );
});

test("a small picture keeps its size, a large one leaves a margin", () => {
  assert.deepEqual(fitView({ x: 10, y: 20, width: 100, height: 50 }, FRAME), { x: -390, y: -205, scale: 1 });
  assert.equal(fitView({ x: 0, y: 0, width: 8_680, height: 100 }, FRAME).scale, 0.1);
});

test("what is under the pointer stays there while it is zoomed, and zooming out again leads back", () => {
  fc.assert(
    fc.property(views, points, fc.double({ min: 0.2, max: 5, noNaN: true }), (view, at, factor) => {
      const zoomed = zoomView(view, factor, at);
      assertNear(under(zoomed, at), under(view, at));
      assertNear(zoomView(zoomed, 1 / factor, at), view);
    }),
  );
});

test("the picture moves with the hand, by as many pixels at every scale", () => {
  fc.assert(
    fc.property(views, points, points, (view, from, by) => {
      const moved = panView(view, by.x, by.y);
      assertNear(under(moved, { x: from.x + by.x, y: from.y + by.y }), under(view, from));
    }),
  );
});

test("two fingers keep what is under them, whether they spread or move", () => {
  fc.assert(
    fc.property(
      views,
      points,
      fc.integer({ min: 1, max: 500 }),
      points,
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      (view, middle, half, by, factor) => {
        const before: [Point, Point] = [
          { x: middle.x - half, y: middle.y },
          { x: middle.x + half, y: middle.y },
        ];
        const [x, y] = [middle.x + by.x, middle.y + by.y];
        const now: [Point, Point] = [
          { x: x - half * factor, y },
          { x: x + half * factor, y },
        ];
        const pinched = pinchView(view, before, now);
        for (const finger of [0, 1] as const) assertNear(under(pinched, now[finger]), under(view, before[finger]));
      },
    ),
  );
  const same: [Point, Point] = [
    { x: 1, y: 1 },
    { x: 1, y: 1 },
  ];
  assert.deepEqual(pinchView({ x: 0, y: 0, scale: 1 }, same, same), { x: 0, y: 0, scale: 1 });
});

test("however one drags and zooms, the picture is in the middle of the frame, and what is in bounds stays", () => {
  fc.assert(
    fc.property(views, boxes, sizes, (view, picture, frame) => {
      const bound = boundView(view, picture, frame);
      const seen = under(bound, { x: frame.width / 2, y: frame.height / 2 });
      const slack = PRECISION * 1e4;
      assert.ok(seen.x >= picture.x - slack && seen.x <= picture.x + picture.width + slack);
      assert.ok(seen.y >= picture.y - slack && seen.y <= picture.y + picture.height + slack);
      assert.ok(bound.scale <= 4 && bound.scale >= fitView(picture, frame).scale / 2 - PRECISION);
      assertNear(boundView(bound, picture, frame), bound);
    }),
  );
  const picture = { x: 0, y: 0, width: 2_000, height: 1_000 };
  const view = centerView({ x: 700, y: 300 }, 0.5, FRAME);
  assert.deepEqual(boundView(view, picture, FRAME), view);
});

test("a viewBox says the same as the view", () => {
  assert.equal(viewBoxOf({ x: -10, y: 5, scale: 0.5 }, FRAME), "-10 5 1800 1000");
});
