// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { grey, putPixels } from "../../static/js/pixels.js";

/**
 * What is put onto a canvas.
 *
 * @param {readonly number[]} values
 * @param {number} columns
 */
function put(values, columns) {
  const context = {
    createImageData: (/** @type {number} */ width, /** @type {number} */ height) => ({
      width,
      height,
      data: new Uint8ClampedArray(4 * width * height),
    }),
    putImageData: (/** @type {unknown} */ pixels) => Object.assign(context, { pixels }),
    pixels: null,
  };
  putPixels(/** @type {any} */ (context), values, columns, (value) => grey(value, 2));
  return context.pixels;
}

test("numbers become pixels from black to white, row by row, and a gap stays transparent", () => {
  assert.deepEqual(put([0, 1, 2, 9, -1, Number.NaN], 3), {
    width: 3,
    height: 2,
    data: Uint8ClampedArray.of(
      ...[0, 0, 0, 255],
      ...[128, 128, 128, 255],
      ...[255, 255, 255, 255],
      ...[255, 255, 255, 255],
      ...[0, 0, 0, 255],
      ...[0, 0, 0, 0],
    ),
  });
});

test("where nothing is white all is black", () => {
  assert.deepEqual(grey(0, 0), [0, 0, 0]);
});
