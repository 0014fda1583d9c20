// @ts-check
// Numbers -> the pixels of a canvas, one each.

import { clamp } from "./geometry.js";

/** @typedef {readonly [number, number, number]} Colour red, green, blue: 0 … 255 */

const FULL = 255; // of a channel

/**
 * @param {CanvasRenderingContext2D} context as many pixels large
 * @param {ArrayLike<number>} values row by row; NaN leaves a gap
 * @param {number} columns
 * @param {(value: number) => Colour} colourOf
 */
export function putPixels(context, values, columns, colourOf) {
  const pixels = context.createImageData(columns, values.length / columns);
  const { data } = pixels;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (Number.isNaN(value)) continue;
    const [red, green, blue] = colourOf(value);
    data[4 * index] = red;
    data[4 * index + 1] = green;
    data[4 * index + 2] = blue;
    data[4 * index + 3] = FULL;
  }
  context.putImageData(pixels, 0, 0);
}

/**
 * White ink on black paper, as in the frame.
 *
 * @param {number} value
 * @param {number} most white
 * @returns {Colour} not rounded: pixels are by themselves
 */
export function grey(value, most) {
  const level = most > 0 ? FULL * clamp(value / most) : 0;
  return [level, level, level];
}
