// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { diverging, scaleOf } from "../../static/js/insides/colours.js";

test("zero has the middle's colour, the largest numbers those of the ends", () => {
  const palette = /** @type {const} */ ({ plus: [0, 100, 0], zero: [200, 200, 200], minus: [100, 0, 0] });
  assert.deepEqual(diverging(0, 2, palette), [200, 200, 200]);
  assert.deepEqual(diverging(2, 2, palette), [0, 100, 0]);
  assert.deepEqual(diverging(-9, 2, palette), [100, 0, 0]);
  assert.deepEqual(diverging(1, 2, palette), [100, 150, 100]);
});

test("the scale of pictures says at which end colours are clipped", () => {
  const weights = Array.from({ length: 200 }, () => 1.5);
  assert.deepEqual(scaleOf([1, -2, 0]), { most: 2, under: false, over: false });
  assert.deepEqual(scaleOf([...weights, 90]), { most: 1.5, under: false, over: true });
  assert.deepEqual(scaleOf([...weights, -90]), { most: 1.5, under: true, over: false });
});
