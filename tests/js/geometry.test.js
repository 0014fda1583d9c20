// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, boundingBox, cropOf, legiblePen, pointIn, smooth } from "../../static/js/geometry.js";

/** @import { Ink } from "../../static/js/strokes.js" */

/** @type {Ink} */
const bar = [
  [
    [0.5, 0.2],
    [0.5, 0.8],
  ],
];

test("a pointer outside the pad draws on its edge", () => {
  const area = { left: 10, top: 20, width: 100, height: 100 };
  assert.deepEqual(pointIn(60, 45, area), [0.5, 0.25]);
  assert.deepEqual(pointIn(-500, 900, area), [0, 1]);
});

test("points that hardly differ are left out, the first of all never", () => {
  assert.deepEqual(apart(undefined, [[0.5, 0.5]]), [[0.5, 0.5]]);
  assert.deepEqual(
    apart(
      [0.5, 0.5],
      [
        [0.5, 0.501],
        [0.5, 0.6],
      ],
    ),
    [[0.5, 0.6]],
  );
});

test("a smoothed stroke ends where the pen did and passes through the midpoints", () => {
  const bends = smooth([
    [0, 0],
    [0.2, 0],
    [0.4, 0.2],
  ]);
  assert.deepEqual(bends[0]?.control, [0.2, 0]);
  assert.deepEqual(
    bends[0]?.end.map((part) => part.toFixed(3)),
    ["0.300", "0.100"],
  );
  assert.deepEqual(bends.at(-1)?.end, [0.4, 0.2]);
});

test("a tap has nothing to smooth", () => {
  assert.deepEqual(smooth([[0.5, 0.5]]), []);
});

test("the bounding box holds every point; no ink has none", () => {
  assert.deepEqual(boundingBox(bar), { left: 0.5, top: 0.2, right: 0.5, bottom: 0.8 });
  assert.equal(boundingBox([]), null);
  assert.equal(cropOf([], 0.07), null);
});

test("the crop is the same for the same digit, large or small, here or there", () => {
  const small = bar.map((stroke) => stroke.map(([x, y]) => /** @type {const} */ ([x / 4 + 0.6, y / 4])));
  const [large, little] = [cropOf(bar, 0.08), cropOf(small, 0.02)];
  assert.deepEqual([large?.width, large?.height], [little?.width, little?.height]);
});

test("the crop's longest side is bounded and has paper all around", () => {
  for (const pen of [0.03, 0.07, 0.12]) {
    const crop = cropOf(bar, pen);
    assert.ok(crop);
    assert.equal(crop.height, 62);
    const left = (0.5 - crop.pen / 2) * crop.scale + crop.x;
    const bottom = (0.8 + crop.pen / 2) * crop.scale + crop.y;
    assert.equal(left.toFixed(6), "3.000000");
    assert.equal(bottom.toFixed(6), "59.000000");
  }
});

test("a tap becomes a dot that fills the crop", () => {
  const crop = cropOf([[[0.3, 0.3]]], 0.07);
  assert.deepEqual([crop?.width, crop?.height, crop?.pen], [62, 62, 0.07]);
});

test("strokes are sent as thin and as thick as MNIST's, and a dot with a tremor stays a dot", () => {
  const share = (/** @type {number} */ length, /** @type {number} */ pen) => {
    const legible = legiblePen(length, pen);
    return (20 * legible) / (length + legible);
  };
  assert.equal(share(0.9, 0.001).toFixed(2), "1.70");
  assert.equal(share(0.2, 0.1).toFixed(2), "2.20");
  assert.equal(legiblePen(0.6, 0.07), 0.07);
  assert.equal(legiblePen(0.05, 0.07), 0.07);
});
