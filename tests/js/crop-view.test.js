// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { NEAREST, panned, pinched, placed, WHOLE, zoomed } from "../../static/js/insides/crop-view.js";

/** @import { View } from "../../static/js/insides/crop-view.js" */
/** @import { Point } from "../../static/js/strokes.js" */

const SIZE = { width: 400, height: 200 };

/**
 * What lies under a point of the square.
 *
 * @param {View} view
 * @param {Point} at
 */
function under(view, [x, y]) {
  const { left, top, width, height } = placed(view, SIZE);
  return [(x - left) / width, (y - top) / height].map((value) => value.toFixed(6));
}

test("a crop shows the whole picture first, and its centre never leaves it", () => {
  assert.deepEqual(placed(WHOLE, SIZE), { left: 0, top: 0.25, width: 1, height: 0.5 });
  assert.deepEqual(panned(WHOLE, SIZE, 0.25, -9), { ...WHOLE, x: 0.25, y: 1 });
});

test("zooming keeps what lies under the pointer, and ends where it is near enough", () => {
  const at = /** @type {Point} */ ([0.3, 0.6]);
  assert.deepEqual(under(zoomed(WHOLE, SIZE, 2.5, at), at), under(WHOLE, at));
  assert.equal(zoomed(WHOLE, SIZE, 100).zoom, NEAREST);
  assert.deepEqual(zoomed(WHOLE, SIZE, 0.1, at), WHOLE);
});

test("pinching keeps what lay under both fingers", () => {
  const before = /** @type {[Point, Point]} */ ([
    [0.4, 0.5],
    [0.6, 0.5],
  ]);
  const now = /** @type {[Point, Point]} */ ([
    [0.25, 0.55],
    [0.65, 0.55],
  ]);
  const view = pinched(WHOLE, SIZE, before, now);
  assert.equal(view.zoom.toFixed(6), "2.000000");
  for (const finger of /** @type {const} */ ([0, 1])) {
    assert.deepEqual(under(view, now[finger]), under(WHOLE, before[finger]));
  }
});
