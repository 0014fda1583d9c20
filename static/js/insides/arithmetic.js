// @ts-check
// What happens inside a network, done again in the open: sums, shares, receptive fields. Pure.

import { clamp } from "../geometry.js";

/** @import { Layer } from "../client.js" */
/** @import { Tensor } from "./facts.js" */
/** @typedef {{ top: number, left: number, bottom: number, right: number }} Patch  rows and columns, both ends in */

export const KERNEL = 5; // px, side of a convolution's kernel
const REACH = (KERNEL - 1) / 2; // px, that it reaches to each side

/**
 * @param {number} value
 * @param {number} decimals
 */
export const rounded = (value, decimals) =>
  (Math.sign(value) * Math.round(Math.abs(value) * 10 ** decimals)) / 10 ** decimals;

/**
 * Rounds parts so that with a constant, rounded by itself, they add up to their rounded total. What rounding leaves over
 * goes to the parts it is nearest to; a part of 0 stays 0.
 *
 * @param {readonly number[]} parts
 * @param {number} constant such as a bias: shown the same, whatever the parts are
 * @param {number} total the sum of them all
 * @param {number} decimals
 * @returns {number[]} the parts
 */
export function addingUp(parts, constant, total, decimals) {
  const unit = 10 ** decimals;
  const units = (/** @type {number} */ value) => Math.round(rounded(value, decimals) * unit);
  const whole = parts.map(units);
  const left = units(total) - units(constant) - sum(whole);
  const gain = (/** @type {number} */ index) =>
    Math.sign(left) * ((parts[index] ?? 0) * unit - (whole[index] ?? 0));
  const takers = parts
    .flatMap((part, index) => (part === 0 ? [] : [index]))
    .sort((a, b) => gain(b) - gain(a));
  for (const index of takers.slice(0, Math.abs(left))) whole[index] = (whole[index] ?? 0) + Math.sign(left);
  return whole.map((value) => value / unit);
}

/**
 * One row of a matrix.
 *
 * @param {Tensor} tensor (rows, …)
 * @param {number} row
 */
export function rowOf({ shape, values }, row) {
  const size = values.length / (shape[0] ?? 1);
  return values.subarray(row * size, (row + 1) * size);
}

/**
 * @param {ArrayLike<number>} weights
 * @param {ArrayLike<number>} inputs as many
 * @returns {number[]} each weight times its input
 */
export const products = (weights, inputs) =>
  Array.from(weights, (weight, index) => weight * (inputs[index] ?? 0));

/**
 * What each unit adds to each output: weight times value.
 *
 * @param {Tensor} weight (outputs, units)
 * @param {readonly number[]} values (units,)
 * @returns {number[][]} (outputs, units)
 */
export function contributions(weight, values) {
  return Array.from({ length: weight.shape[0] ?? 0 }, (_, output) => products(rowOf(weight, output), values));
}

/** @param {ArrayLike<number>} values */
export const largest = (values) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * The absolute value that at most one in a hundred goes beyond: a few outliers shall not make all else pale. Zeros have
 * no say, so that empty paper does not hide the ink.
 *
 * @param {ArrayLike<number>} values
 */
export function ample(values) {
  const sizes = Float64Array.from(values, Math.abs)
    .filter((size) => size > 0)
    .sort();
  return sizes[Math.ceil(0.99 * (sizes.length - 1))] ?? 0;
}

/** @param {readonly number[]} values */
export const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * Cuts a flat row of numbers into rows of a picture.
 *
 * @param {ArrayLike<number>} values
 * @param {number} columns
 * @returns {number[][]}
 */
export function rowsOf(values, columns) {
  const flat = Array.from(values);
  return Array.from({ length: flat.length / columns }, (_, row) =>
    flat.slice(row * columns, (row + 1) * columns),
  );
}

/**
 * One channel of what a layer gave.
 *
 * @param {Layer} layer (channels, height, width)
 * @param {number} channel
 */
export function channelOf({ shape, values }, channel) {
  const [, height = 1, width = 1] = shape;
  return values.slice(channel * height * width, (channel + 1) * height * width);
}

/**
 * What part of the frame one cell looks at, back through convolutions (5×5) and poolings (2×2).
 *
 * @param {readonly string[]} kinds the classes of the layers up to the cell's own, in order
 * @param {number} row
 * @param {number} column
 * @param {number} side px of the frame
 * @returns {Patch}
 */
export function receptiveField(kinds, row, column, side) {
  let patch = { top: row, left: column, bottom: row, right: column };
  for (const kind of [...kinds].reverse()) {
    const { top, left, bottom, right } = patch;
    if (kind === "Conv2d") {
      patch = { top: top - REACH, left: left - REACH, bottom: bottom + REACH, right: right + REACH };
    } else if (kind === "MaxPool2d") {
      patch = { top: 2 * top, left: 2 * left, bottom: 2 * bottom + 1, right: 2 * right + 1 };
    }
  }
  const within = (/** @type {number} */ at) => clamp(at, 0, side - 1);
  return {
    top: within(patch.top),
    left: within(patch.left),
    bottom: within(patch.bottom),
    right: within(patch.right),
  };
}

/**
 * The largest of the four cells that a pooled cell was taken from; at the edge there may be fewer.
 *
 * @param {readonly number[]} values (height × width)
 * @param {number} width
 * @param {number} row of the pooled cell
 * @param {number} column of the pooled cell
 */
export function winner(values, width, row, column) {
  const cells = [0, 1].flatMap((down) =>
    [0, 1].map((right) => ({ row: 2 * row + down, column: 2 * column + right })),
  );
  const there = cells.filter((cell) => cell.column < width && cell.row * width + cell.column < values.length);
  const valued = there.map((cell) => ({ ...cell, value: values[cell.row * width + cell.column] ?? 0 }));
  return valued.reduce((best, cell) => (cell.value > best.value ? cell : best));
}

/**
 * The patch of the input under a kernel, with 0 outside of the picture.
 *
 * @param {readonly number[]} channel (side × side)
 * @param {number} side px
 * @param {number} row
 * @param {number} column
 * @returns {number[]} 25 values
 */
export function under(channel, side, row, column) {
  return Array.from({ length: KERNEL * KERNEL }, (_, index) => {
    const y = row + Math.floor(index / KERNEL) - REACH;
    const x = column + (index % KERNEL) - REACH;
    return y >= 0 && x >= 0 && y < side && x < side ? (channel[y * side + x] ?? 0) : 0;
  });
}

/**
 * One cell of a convolution, taken apart: what each channel below adds to it.
 *
 * @param {Tensor} weight (maps, channels, 5, 5)
 * @param {readonly (readonly number[])[]} channels each (side × side)
 * @param {number} side px
 * @param {number} map
 * @param {number} row
 * @param {number} column
 * @returns {{ kernel: number[], patch: number[], sum: number }[]} per channel
 */
export function convolved(weight, channels, side, map, row, column) {
  const own = rowOf(weight, map);
  const size = KERNEL * KERNEL;
  return channels.map((channel, index) => {
    const kernel = Array.from(own.subarray(index * size, (index + 1) * size));
    const patch = under(channel, side, row, column);
    return { kernel, patch, sum: sum(products(kernel, patch)) };
  });
}
