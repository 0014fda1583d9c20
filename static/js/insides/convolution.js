// @ts-check
// One number inside the convolutional net, taken apart: where it came from, and what it was added up from. Pure.

import {
  addingUp,
  channelOf,
  convolved,
  products,
  receptiveField,
  rowOf,
  sum,
  winner,
} from "./arithmetic.js";

/** @import { Patch } from "./arithmetic.js" */
/** @import { Inspection, Layer } from "../client.js" */
/** @import { Tensor, Weights } from "./facts.js" */
/** @typedef {{ stage: number, map: number, row: number, column: number }} Cell  stage 0 … 2 a convolution, 3 hidden, 4 outputs */
/** @typedef {{ weights: number[], inputs: number[], columns: number, sum: number }} Term  one channel's part of a sum */
/**
 * @typedef {object} Taken
 * @property {Patch} patch what part of the frame the cell looks at
 * @property {Term[]} terms their sums and the bias add up to `total`, as shown
 * @property {number} bias
 * @property {number} total before pooling and ReLU
 * @property {number[]} pooled the sums that it was the largest of
 * @property {number} value what is handed on
 */

export const STAGES = 3; // convolve, halve, ReLU
export const SIDES = /** @type {const} */ ([28, 14, 7, 4]); // px, of the frame and after each stage
export const HIDDEN = STAGES; // the stage of the hidden units
export const OUTPUTS = STAGES + 1;
export const DECIMALS = 2;

const SIDE = 28; // px
const CELLS = 16; // of each map, where the hidden units see it
const WHOLE = { top: 0, left: 0, bottom: SIDE - 1, right: SIDE - 1 };

/**
 * The layer whose values a stage hands on.
 *
 * @param {readonly Layer[]} layers
 * @param {number} stage
 */
export const handedOn = (layers, stage) =>
  layers[stage < STAGES ? 3 * stage + 2 : stage === HIDDEN ? 11 : 12];

/**
 * @param {Weights} weights
 * @param {Inspection} inspection with layers
 * @param {Cell} cell
 * @returns {Taken | null} null where there are no values
 */
export function takenApart(weights, inspection, cell) {
  const layers = inspection.networks.cnn?.layers ?? [];
  if (!inspection.frame || layers.length < 13) return null;
  return cell.stage < STAGES
    ? convolution(weights, layers, inspection.frame.flat(), cell)
    : linear(weights, layers, cell);
}

/**
 * @param {Weights} weights
 * @param {readonly Layer[]} layers
 * @param {readonly number[]} frame
 * @param {Cell} cell
 * @returns {Taken}
 */
function convolution(weights, layers, frame, { stage, map, row, column }) {
  const [sums, given] = [at(layers, 3 * stage), at(layers, 3 * stage + 2)];
  const side = sums.shape[1] ?? 0;
  const own = channelOf(sums, map);
  const best = winner(own, side, row, column);
  const below = stage === 0 ? null : at(layers, 3 * stage - 1);
  const channels = below
    ? Array.from({ length: below.shape[0] ?? 0 }, (_, index) => channelOf(below, index))
    : [[...frame]];
  const parts = convolved(
    tensor(weights, `layers.${3 * stage}.weight`),
    channels,
    side,
    map,
    best.row,
    best.column,
  );
  const bias = tensor(weights, `layers.${3 * stage}.bias`).values[map] ?? 0;
  const shown = addingUp([...parts.map((part) => part.sum), bias], best.value, DECIMALS);
  const kinds = layers.slice(0, 3 * stage + 2).map(({ name }) => name.split(" ")[1] ?? "");
  const cells = [0, 1].flatMap((down) => [0, 1].map((right) => [2 * row + down, 2 * column + right]));
  return {
    patch: receptiveField(kinds, row, column, SIDE),
    terms: parts.map(({ kernel, patch }, index) => ({
      weights: kernel,
      inputs: patch,
      columns: 5,
      sum: shown[index] ?? 0,
    })),
    bias: shown.at(-1) ?? 0,
    total: best.value,
    pooled: cells.flatMap(([y = 0, x = 0]) => (y < side && x < side ? [own[y * side + x] ?? 0] : [])),
    value: channelOf(given, map)[row * (given.shape[2] ?? 1) + column] ?? 0,
  };
}

/**
 * @param {Weights} weights
 * @param {readonly Layer[]} layers
 * @param {Cell} cell
 * @returns {Taken}
 */
function linear(weights, layers, { stage, column }) {
  const index = stage === HIDDEN ? 10 : 12;
  const inputs = [...at(layers, index - 1).values];
  const own = Array.from(rowOf(tensor(weights, `layers.${index}.weight`), column));
  const size = stage === HIDDEN ? CELLS : inputs.length;
  const terms = Array.from({ length: inputs.length / size }, (_, part) => {
    const range = /** @type {const} */ ([part * size, (part + 1) * size]);
    return {
      weights: own.slice(...range),
      inputs: inputs.slice(...range),
      columns: Math.min(size, stage === HIDDEN ? 4 : size),
    };
  });
  const total = at(layers, index).values[column] ?? 0;
  const bias = tensor(weights, `layers.${index}.bias`).values[column] ?? 0;
  const shown = addingUp(
    [...terms.map((term) => sum(products(term.weights, term.inputs))), bias],
    total,
    DECIMALS,
  );
  return {
    patch: WHOLE,
    terms: terms.map((term, part) => ({ ...term, sum: shown[part] ?? 0 })),
    bias: shown.at(-1) ?? 0,
    total,
    pooled: [],
    value: at(layers, stage === HIDDEN ? 11 : 12).values[column] ?? 0,
  };
}

/**
 * @param {readonly Layer[]} layers
 * @param {number} index
 */
function at(layers, index) {
  const layer = layers[index];
  if (!layer) throw new RangeError(`There is no layer ${index}.`);
  return layer;
}

/**
 * @param {Weights} weights
 * @param {string} name
 * @returns {Tensor}
 */
function tensor(weights, name) {
  const found = weights.get(name);
  if (!found) throw new Error(`The weights have no ${name}.`);
  return found;
}

/**
 * The kernels of one map side by side, four in a row, with gaps of no number between them.
 *
 * @param {ArrayLike<number>} kernels 25 numbers each
 * @returns {{ values: number[], columns: number }}
 */
export function mosaic(kernels) {
  const count = kernels.length / 25;
  const across = Math.min(4, count);
  const [columns, rows] = [6 * across - 1, 6 * Math.ceil(count / across) - 1];
  const values = Array.from({ length: columns * rows }, (_, index) => {
    const [x, y] = [index % columns, Math.floor(index / columns)];
    if (x % 6 === 5 || y % 6 === 5) return Number.NaN;
    const kernel = Math.floor(y / 6) * across + Math.floor(x / 6);
    return kernels[kernel * 25 + (y % 6) * 5 + (x % 6)] ?? Number.NaN;
  });
  return { values, columns };
}

/**
 * The next cell in a direction: over the edge of a map lies the next map, above and below it the next stage.
 *
 * @param {Cell} cell
 * @param {"ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown"} key
 * @returns {Cell}
 */
export function neighbour({ stage, map, row, column }, key) {
  const { rows, columns, maps } = sizeOf(stage);
  const [down, right] = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
  const [y, x] = [row + (down ?? 0), column + (right ?? 0)];
  if (x < 0) return map > 0 ? { stage, map: map - 1, row, column: columns - 1 } : { stage, map, row, column };
  if (x >= columns)
    return map < maps - 1 ? { stage, map: map + 1, row, column: 0 } : { stage, map, row, column };
  if (y >= 0 && y < rows) return { stage, map, row: y, column: x };
  const to = stage + (y < 0 ? -1 : 1);
  if (to < 0 || to > OUTPUTS) return { stage, map, row, column };
  const next = sizeOf(to);
  const edge = y < 0 ? next.rows - 1 : 0;
  const scaled = Math.floor((column * next.columns) / columns);
  return { stage: to, map: Math.min(map, next.maps - 1), row: edge, column: scaled };
}

/** @param {number} stage */
export function sizeOf(stage) {
  if (stage === HIDDEN) return { rows: 1, columns: 16, maps: 1 };
  if (stage === OUTPUTS) return { rows: 1, columns: 10, maps: 1 };
  const side = SIDES[stage + 1] ?? 0;
  return { rows: side, columns: side, maps: 8 };
}
